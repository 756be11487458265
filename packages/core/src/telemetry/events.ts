// Every event of Nodelens, in one table: its channel, when it fires, and the type of its payload. Published on main,
// for what happens on any thread. Channel names are public API.
import type { DeadLetterCause } from '../actor/messages/message.ts';
import type { CoordinatorEvent } from '../coordinator/spec.ts';
import type { WireError } from '../errors.ts';
import type { PreviousLife } from '../recorder/black-box/previous-life.ts';
import type { BlockKind, CodeLocation } from '../recorder/context.ts';
import { type ContinuousEvent, continuousEventDocs } from './continuous-events.ts';
import type { Stamp } from './stamp.ts';

/** What the system itself tells, beside the events of coordinator and operators. */
export type SystemEvent =
  | { readonly type: 'recorder.restarted' }
  | { readonly type: 'recorder.exited'; readonly error: WireError; readonly willRestart: boolean }
  | {
      readonly type: 'operator.restarted';
      readonly operator: string;
      readonly attempt: number;
      readonly delayMs: number;
    }
  | { readonly type: 'operator.replaced'; readonly operator: string }
  | { readonly type: 'supervisor.gave_up'; readonly supervisor: string; readonly error: WireError }
  | {
      readonly type: 'actor.dead_letter';
      readonly actor: string;
      readonly why: DeadLetterCause;
      /** Its `type` where the message has one; the message itself stays where it was. */
      readonly messageType?: string;
      /** How many alike since the last such event, which comes once a second at most. */
      readonly count: number;
    }
  | { readonly type: 'blackbox.recovered'; readonly life: PreviousLife }
  | {
      readonly type: 'main.stalled';
      readonly startedAtMs: number;
      readonly durationMs: number;
      readonly kind: BlockKind;
      /** The innermost frame of the user's own code, where it is known. */
      readonly culprit?: CodeLocation;
    };

export type LensEvent = CoordinatorEvent | SystemEvent | ContinuousEvent;

export type LensEventType = LensEvent['type'];

export type LensEventOf<T extends LensEventType> = Extract<LensEvent, { type: T }>;

/** As listeners and subscribers get it: with the time at which it happened, on whatever thread that was. */
export type ToldEvent = LensEvent & Stamp;

export type ToldEventOf<T extends LensEventType> = LensEventOf<T> & Stamp;

/** When each event fires; the channel is `nodelens:<owner>:<fact>`, the type with colons. */
export const eventDocs: { readonly [T in LensEventType]: string } = {
  'investigation.started': 'An investigation left the queue and began.',
  'investigation.finished': 'An investigation ended, however it ended; carries the whole result.',
  'insight.produced': 'The coordinator produced a verified insight.',
  'coordinator.step': 'The model of the coordinator answered; carries its text and tool names.',
  'operator.started': 'A run of an operator was started.',
  'operator.failed': 'An operator died or its run failed; the investigation goes on.',
  'operator.state_changed': 'An operator changed its judgement of the health of its domain.',
  'operator.notification': 'An operator reported an anomaly with its evidence.',
  'operator.step': 'The model of an operator answered; carries its text and tool names.',
  'operator.model_failed': 'A model call of an operator failed; it may be retried.',
  'operator.completed': 'A run of an operator ended; carries its result.',
  'operator.restarted': 'A continuous operator died and is restarted by its policy after `delayMs`.',
  'operator.replaced': 'A new version of an operator took the place of the old one.',
  'supervisor.gave_up': 'Children of a supervisor died too often; it stopped them all, and they stay down.',
  'actor.dead_letter':
    'A message reached nobody: its actor had ended, its mailbox was full, or it died of it. Alike ones are counted.',
  'blackbox.recovered':
    'An earlier life of this service ended without a word; what its black box tells of it.',
  'main.stalled':
    'The main thread was blocked for 100 ms or longer; told after it, with the function where that is known.',
  'recorder.restarted': 'The recorder thread records again after it had died.',
  'recorder.exited':
    'The recorder thread died, and what it had recorded is lost; `willRestart` tells whether it comes back.',
  ...continuousEventDocs,
};

/** `insight.produced` -> `nodelens:insight:produced`. */
export const channelOf = (type: LensEventType): string => `nodelens:${type.replace('.', ':')}`;

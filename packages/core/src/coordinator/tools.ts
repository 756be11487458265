// The coordinator's tools on notifications and insights. They check what the model claims and change state only
// through the reducer; the tools on operators are in operator-tools.ts.
import * as v from 'valibot';
import { answer, defineTool, refuse, type Tool } from '../agent/tool.ts';
import type { Id } from '../ids.ts';
import { thinkTool } from '../operator/tools.ts';
import { namedSubjectSchema, notificationView, textSchema } from '../operator/verify.ts';
import { conclude } from './conclude.ts';
import type { CoordinatorDesk } from './desk.ts';
import type { Claim } from './grounding.ts';
import { markNotifications } from './mark.ts';
import { operatorTools } from './operator-tools.ts';
import type { Entry } from './state.ts';

export const coordinatorTools = (desk: CoordinatorDesk): readonly Tool[] => [
  getNotifications(desk),
  updateStatuses(desk),
  produceInsight(desk),
  ...operatorTools(desk),
  thinkTool,
];

const getNotifications = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'get_notifications',
    description: 'Oldest first; resolved ones in brief unless asked for.',
    params: { status: v.optional(v.picklist(['unread', 'acknowledged', 'resolved', 'all']), 'all') },
    run: ({ status }) =>
      answer(
        desk
          .state()
          .entries.filter((entry) => status === 'all' || entry.status === status)
          .map((entry) => entryView(entry, status === 'resolved')),
      ),
  });

/** What is resolved has been read: each repetition would cost the model its length again. */
function entryView({ notification, status }: Entry, isWhole: boolean): object {
  if (status !== 'resolved' || isWhole) {
    // Snapshots are the operator's; the coordinator has no tool to read them.
    const { snapshotIds: _, ...facts } = notificationView(notification);
    return { ...facts, status };
  }
  const { id, operator, type, severity } = notification;
  return { id, operator, type, severity, status };
}

const updateStatuses = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'update_notification_statuses',
    description: 'Marks notifications as acknowledged or resolved.',
    params: {
      notification_ids: v.array(v.string()),
      status: v.picklist(['acknowledged', 'resolved']),
      reason: v.optional(v.string()),
    },
    run: async ({ notification_ids, status, reason }) => {
      const existing = desk.state().entries.map((entry) => entry.notification.id);
      const updated = notification_ids.filter((id) => existing.includes(id));
      const unknown = notification_ids.filter((id) => !existing.includes(id));
      if (updated.length === 0)
        return refuse(`None of these notifications exists. Existing: ${existing.join(', ') || 'none'}.`);
      const unkept = await markNotifications(desk, updated, status);
      return answer({
        updated,
        status,
        ...(reason && { reason }),
        ...(unknown.length > 0 && { unknown }),
        ...unkept,
      });
    },
  });

const produceInsight = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'produce_insight',
    description:
      'Records an insight from notifications, which become resolved. matched_observations: default all of theirs.',
    params: {
      notification_ids: v.array(v.string()),
      correlation_type: v.picklist(['temporal', 'causal', 'symptomatic']),
      summary: textSchema,
      matched_observations: v.optional(v.array(v.string())),
      hypothesis_grounded: v.boolean(),
      root_cause_hypothesis: v.optional(v.nullable(v.string())),
      confidence: v.picklist(['high', 'medium', 'low']),
      subjects: v.optional(v.array(namedSubjectSchema)),
    },
    run: async (args, { signal }) => {
      const claim: Claim = {
        notificationIds: args.notification_ids,
        correlationType: args.correlation_type,
        summary: args.summary,
        matchedObservations: args.matched_observations ?? observationsOf(desk, args.notification_ids),
        hypothesisGrounded: args.hypothesis_grounded,
        ...(args.root_cause_hypothesis && { rootCauseHypothesis: args.root_cause_hypothesis }),
        confidence: args.confidence,
        ...(args.subjects && { subjects: args.subjects }),
      };
      const concluded = await conclude(desk, claim, signal);
      if (!concluded.ok) return refuse(concluded.reason);
      const { insight, unkept } = concluded;
      return answer({ insight_produced: insight.id, ...unkept });
    },
  });

/** A model that means all of them need not copy them. */
const observationsOf = (desk: CoordinatorDesk, ids: readonly Id[]): readonly string[] =>
  desk
    .state()
    .entries.filter(({ notification }) => ids.includes(notification.id))
    .map(({ notification }) => notification.observation);

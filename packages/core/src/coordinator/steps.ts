// How a step of an investigation is told.
import type { Step } from '../agent/loop.ts';
import type { CoordinatorDesk } from './desk.ts';

export function tellStep(desk: CoordinatorDesk, { iteration, calls, text }: Step): void {
  desk.apply({ type: 'step.finished', iteration });
  const tools = calls.map((call) => call.name);
  desk.emit({ type: 'coordinator.step', investigationId: desk.investigationId, iteration, tools, text });
}

// What the command's exit code says; scripts and CI rely on it.
import { type InvestigationResult, isError } from '@nodelens/core';

export const exitCodes = { ok: 0, failed: 1, usage: 2, notAttached: 3, deadline: 4 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOfResult(status: InvestigationResult['status']): ExitCode {
  switch (status) {
    case 'completed':
      return exitCodes.ok;
    case 'deadline_exceeded':
      return exitCodes.deadline;
    case 'cancelled':
    case 'budget_exceeded':
    case 'failed':
      return exitCodes.failed;
    default:
      return status satisfies never;
  }
}

export function exitCodeOfError(error: unknown): ExitCode {
  if (!isError(error)) return exitCodes.failed;
  switch (error.code) {
    case 'process_not_found':
    case 'process_not_attached':
    case 'process_not_yours':
    case 'process_not_reachable':
      return exitCodes.notAttached;
    case 'run_deadline_exceeded':
    case 'rpc_timeout':
    case 'ask_timeout':
      return exitCodes.deadline;
    case 'option_invalid':
    case 'control_request_invalid':
    case 'skill_unknown':
    case 'operator_unknown':
      return exitCodes.usage;
    default:
      return exitCodes.failed;
  }
}

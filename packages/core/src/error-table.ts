// Every error that Nodelens raises, in one table. Codes are public API: never reused, never renamed.
// docs/errors.md lists them and a test compares both ways.

export interface ErrorRow {
  /** What happened and what to do; `{name}` is filled from the error's data. */
  readonly message: string;
  /** Whether the same call may succeed later. Default false. */
  readonly retryable?: boolean;
}

export const ERRORS = {
  // actors
  actor_start_failed: { message: 'The actor "{id}" could not be started: {reason}.' },
  actor_not_found: { message: 'No actor is registered as "{id}".' },
  actor_already_started: {
    message: 'An actor named "{id}" is running already; stop it first or choose another name.',
  },
  actor_not_stopped: { message: 'The child "{id}" is {status}; terminate it before its spec is deleted.' },
  actor_exited: { message: 'The actor "{id}" ended ({reason}) before it answered.', retryable: true },
  ask_timeout: { message: '"{id}" did not answer within {timeoutMs} ms.', retryable: true },
  ask_aborted: { message: 'The question to "{id}" was cancelled by its caller.' },
  mailbox_full: {
    message: 'The mailbox of "{id}" is full ({capacity} messages); the message was not delivered.',
    retryable: true,
  },
  message_invalid: { message: 'The message ("{id}") cannot be sent: {reason} Send plain JSON.' },
  supervisor_gave_up: {
    message:
      'The supervisor "{id}" gave up: {restarts} restarts within {withinMs} ms. Last reason: {reason}.',
  },
  host_closed: { message: 'The host of "{id}" is closed; no actor can be started on it.' },
  actor_queue_full: {
    message:
      'The actor "{id}" was not started: {waiting} actors wait for a pooled thread already. Ask again when fewer runs are under way.',
    retryable: true,
  },
  actor_queue_deadline: {
    message:
      'The actor "{id}" was not started: it waited {waitedMs} ms for a pooled thread, and after {queueMs} ms it would have been too late for its caller. Ask again when fewer runs are under way, or give it more time.',
    retryable: true,
  },
  // rpc between threads
  rpc_timeout: {
    message: '"{peer}" did not answer {method} within {timeoutMs} ms{detail}.',
    retryable: true,
  },
  rpc_peer_gone: { message: '"{peer}" ended before it answered {method}.', retryable: true },
  rpc_failed: { message: '{method} on "{peer}" failed: {reason}' },
  // options and names
  option_invalid: { message: 'The option "{option}" is invalid: {reason}' },
  skill_unknown: { message: 'No skill named "{skill}" is available. Available: {available}.' },
  skill_duplicate: { message: 'Two skills share the id "{skill}"; ids must be unique.' },
  skill_invalid: { message: 'The skill "{skill}" is invalid: {reason}' },
  skill_callback_clash: {
    message: 'The callback "{callback}" is defined by both "{first}" and "{second}"; rename one of them.',
  },
  operator_unknown: { message: 'No operator named "{operator}" is configured. Configured: {available}.' },
  operator_duplicate: {
    message: 'Two operators share the name "{operator}"; give one of them another name.',
  },
  // skills at work
  skill_snapshot_failed: { message: 'The snapshot of the skill "{skill}" failed: {reason}' },
  skill_result_not_json: { message: '{source} returned something that is not JSON: {reason}' },
  skill_callback_unknown: { message: 'There is no callback "{callback}". Available: {available}.' },
  skill_arguments_invalid: { message: 'Invalid arguments for {callback}: {reason}' },
  skill_callback_failed: { message: '{callback} failed: {reason}' },
  skill_callback_timeout: { message: '{callback} did not finish within {timeoutMs} ms.', retryable: true },
  skill_main_blocked: {
    message:
      '{callback} lives on the main thread, which did not answer within {timeoutMs} ms; it has been blocked for {blockedMs} ms.',
    retryable: true,
  },
  pause_refused: {
    message:
      '{what} would pause the main thread for about {estimatedMs} ms, more than the {grantedMs} ms granted. Ask again with maxPauseMs of at least {estimatedMs}.',
  },
  heap_snapshot_refused: { message: 'No heap snapshot is taken: {reason}.', retryable: true },
  // the store
  store_unavailable: {
    message: 'The store did not answer for {what}: {reason}. What a run finds is in its result, too.',
    retryable: true,
  },
  // recorder and inspector
  recorder_unavailable: { message: 'The recorder is not running: {reason}', retryable: true },
  inspector_no_answer: {
    message:
      'The main thread did not answer {method} within {timeoutMs} ms; it is inside a native call or not scheduled.',
    retryable: true,
  },
  inspector_failed: { message: '{method} was refused by the inspector: {reason}' },
  inspector_in_use: {
    message: '{what} is not armed because the process is being profiled or debugged ({by}).',
  },
  // models
  model_invalid: { message: 'The model reference is invalid: {reason}' },
  model_load_failed: { message: 'The model "{model}" could not be loaded: {reason}' },
  model_failed: { message: 'The model "{model}" failed: {reason}' },
  model_unavailable: { message: 'The model "{model}" is not reachable: {reason}', retryable: true },
  model_rate_limited: { message: 'The model "{model}" is rate limited: {reason}', retryable: true },
  model_overloaded: { message: 'The model "{model}" is overloaded: {reason}', retryable: true },
  model_key_missing: {
    message: 'The model "{model}" needs an API key: set {variable}, or use triage(), which needs none.',
  },
  model_response_empty: {
    message: 'The model "{model}" answered with no text and no tool call.',
    retryable: true,
  },
  model_timeout: {
    message: 'The model "{model}" did not answer within {timeoutMs} ms.',
    retryable: true,
  },
  model_circuit_open: {
    message:
      'The model "{model}" is not asked: it failed {failures} times in a row, the last time with {reason}. It is tried again in {retryInMs} ms.',
    retryable: true,
  },
  model_busy: {
    message:
      'The model "{model}" is not asked: {waiting} calls wait for one of its {limit} places already. Ask again when fewer runs are under way.',
    retryable: true,
  },
  model_peer_missing: {
    message: 'The model "{model}" needs the package {peer}, which is not installed: npm install {peer}.',
  },
  budget_exceeded: {
    message:
      'The budget {budget} is used up: {spent} of {limit} {unit}; it is free again {freeAt}. Raise it in the option "budget", or wait.',
  },
  // runs
  run_cancelled: { message: 'The run was cancelled{detail}.' },
  run_deadline_exceeded: { message: 'The run did not finish within {timeoutMs} ms.' },
  run_iterations_exceeded: {
    message: 'The run stopped after {maxIterations} iterations without calling done.',
  },
  investigation_queue_full: {
    message: '{queued} investigations are waiting already; try again when one has finished.',
    retryable: true,
  },
  memory_short: {
    message:
      'The run needs about {neededMb} MB of memory for its threads and sandbox, and {freeMb} MB are left: {missingMb} MB too few. It was not started, because the process might be killed for it. Raise the memory limit of its container or machine, or try again in 15 s when another run has just ended, which keeps its memory that long; "nodelens snapshot" starts nothing and works as it is.',
    retryable: true,
  },
  lens_stopped: { message: 'Nodelens has been stopped; start it again with Nodelens.start().' },
  lens_already_started: {
    message:
      'Nodelens is running in this process already; stop it first, or use the running one: Nodelens.current.',
  },
  node_unsupported: { message: 'Nodelens needs Node.js 24 or newer; this is {version}.' },
  strategy_failed: { message: 'The strategy "{strategy}" failed: {reason}' },
  // schedules, webhooks and recorded metrics
  schedule_invalid: { message: 'The schedule "{schedule}" is invalid: {reason}' },
  webhook_failed: { message: 'The webhook {url} did not take {what}: {reason}', retryable: true },
  metrics_invalid: { message: 'The metrics in {file} cannot be replayed: line {line}: {reason}' },
  // sandbox
  sandbox_failed: { message: 'The sandbox failed: {reason}', retryable: true },
  // control socket and command line
  control_request_invalid: { message: 'The control request is invalid: {reason}' },
  control_method_unknown: { message: 'The control socket knows no method "{method}".' },
  process_not_found: { message: 'There is no process with pid {pid}.' },
  process_not_attached: {
    message:
      'Process {pid} is not attached to Nodelens. Start it with "node --import nodelens/register", or run "nodelens attach --pid {pid}".',
  },
  process_not_yours: {
    message: 'Process {pid} belongs to another user: run the command as that user.',
  },
  process_not_reachable: { message: 'Process {pid} left a control socket that nobody answers: {reason}' },
  attach_failed: { message: 'Nodelens could not be brought into process {pid}: {reason}' },
  // testing
  service_start_failed: {
    message:
      'The service {file} ended (exit code {code}) before it printed "listening <port>". It wrote: {stderr}',
  },
  incident_case_invalid: { message: 'The case {case} cannot be used: {reason}' },
  incident_driver_failed: { message: 'The driver of the case {case} failed: {reason}' },
} as const;

// What a model is told of the parameters of an operator's tools (tools.ts), made beforehand: a thread takes longer to make
// it than for most else before its first step. A test makes it anew and compares.
import type { JsonObject } from '../json.ts';

export type ToolName =
  | 'set_state'
  | 'send_notification'
  | 'get_notifications'
  | 'take_snapshot'
  | 'get_snapshot'
  | 'get_snapshots'
  | 'execute'
  | 'wait'
  | 'think'
  | 'done';

export const toolSchemas: { readonly [N in ToolName]: JsonObject } = {
  set_state: {
    type: 'object',
    properties: {
      state: {
        enum: ['healthy', 'observing', 'warning', 'critical'],
        type: 'string',
      },
      reason: {
        type: 'string',
      },
    },
    required: ['state'],
  },
  send_notification: {
    type: 'object',
    properties: {
      type: {
        type: 'string',
      },
      severity: {
        enum: ['info', 'warning', 'critical'],
        type: 'string',
      },
      context: {
        type: 'string',
      },
      observation: {
        type: 'string',
      },
      hypothesis: {
        anyOf: [
          {
            type: 'string',
          },
          {
            type: 'null',
          },
        ],
      },
      snapshot_ids: {
        type: 'array',
        items: {
          type: 'string',
        },
      },
      subjects: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            kind: {
              enum: ['function', 'collection', 'endpoint', 'peer', 'resource', 'logger', 'worker', 'process'],
              type: 'string',
            },
            name: {
              type: 'string',
            },
            file: {
              type: 'string',
            },
            line: {
              type: 'integer',
              minimum: 1,
            },
            value: {
              type: 'number',
            },
            unit: {
              type: 'string',
            },
          },
          required: ['kind', 'name'],
        },
      },
    },
    required: ['type', 'severity', 'context', 'observation', 'snapshot_ids'],
  },
  get_notifications: {
    type: 'object',
    properties: {},
  },
  take_snapshot: {
    type: 'object',
    properties: {},
  },
  get_snapshot: {
    type: 'object',
    properties: {
      id: {
        type: 'string',
      },
    },
    required: ['id'],
  },
  get_snapshots: {
    type: 'object',
    properties: {
      limit: {
        type: 'integer',
        minimum: 1,
        default: 10,
      },
      offset: {
        type: 'integer',
        minimum: 0,
        default: 0,
      },
    },
  },
  execute: {
    type: 'object',
    properties: {
      code: {
        type: 'string',
      },
    },
    required: ['code'],
  },
  wait: {
    type: 'object',
    properties: {
      ms: {
        type: 'number',
        minimum: 0,
        maximum: 3600000,
      },
    },
    required: ['ms'],
  },
  think: {
    type: 'object',
    properties: {
      thought: {
        type: 'string',
      },
    },
    required: ['thought'],
  },
  done: {
    type: 'object',
    properties: {},
  },
};

// Findings to keep, and folders to keep them in.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Insight } from '../../src/coordinator/insight.ts';
import type { Notification } from '../../src/operator/notification.ts';
import type { Finding, StoredNotification } from '../../src/recorder/store/desk.ts';
import { createStore, type Store } from '../../src/recorder/store/store.ts';
import type { StoredIncident } from '../../src/recorder/store/stored-incident.ts';
import { createVaults, type Vaults } from '../../src/recorder/store/vaults.ts';

export const idOf = (n: number): string => n.toString(16).padStart(16, '0');

export function notification(n: number, more: Partial<Notification> = {}): Notification {
  return {
    id: idOf(n),
    investigationId: idOf(0xaa),
    operator: 'runtime',
    type: 'runtime.blocked',
    severity: 'warning',
    context: 'The loop was measured.',
    observation: `Main was blocked for ${n} ms.`,
    subjects: [],
    snapshots: [{ id: idOf(1), skill: 'runtime', capturedAt: '2026-01-01T00:00:00.000Z', data: { n } }],
    detectedAt: new Date(n).toISOString(),
    process: { hostname: 'host', pid: 1 },
    ...more,
  };
}

/** As the history has it. */
export const unread = (n: number): StoredNotification => ({ ...notification(n), status: 'unread' });

export const noticed = (
  n: number,
  more?: Partial<Notification>,
): Extract<Finding, { kind: 'notification' }> => ({
  kind: 'notification',
  notification: notification(n, more),
});

export const incident = (n: number, more: Partial<StoredIncident> = {}): StoredIncident => ({
  id: idOf(n),
  severity: 'warning',
  title: 'Main was blocked.',
  startedAtMs: n,
  updatedAtMs: n,
  subjects: [],
  notificationIds: [],
  investigationIds: [],
  process: { hostname: 'host', pid: 1 },
  ...more,
});

export function understood(n: number, more: Partial<Insight> = {}): Extract<Finding, { kind: 'insight' }> {
  const insight: Insight = {
    id: idOf(n),
    investigationId: idOf(0xaa),
    notificationIds: [idOf(1)],
    correlationType: 'causal',
    summary: 'parse() blocks.',
    matchedObservations: [],
    hypothesisGrounded: false,
    confidence: 'high',
    subjects: [],
    createdAt: new Date(n).toISOString(),
    ...more,
  };
  return { kind: 'insight', insight };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nl-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Opened extends Store {
  readonly warnings: readonly string[];
}

/** The store of a recorder thread, in this one. */
export function openStore(dataDir?: string, vaults: Vaults = createVaults()): Opened {
  const warnings: string[] = [];
  const onWarning = (message: string): void => void warnings.push(message);
  const store = createStore({
    dataDir,
    vaults,
    service: '/app/shop.js',
    processStartedAtMs: 1_000,
    onWarning,
  });
  onTestFinished(() => store.close());
  return { ...store, warnings };
}

// Open incidents of an earlier life: of the recorder thread, whose operators remember, or of the process, of which
// nobody does. Pure.
import type { StoredIncident } from '../recorder/store/stored-incident.ts';
import { newIncident, type OpenIncident } from './incident.ts';
import type { Incidents } from './incidents.ts';

/**
 * After a restart of the recorder thread, which ended the investigations.
 * @param isRemembered whether its operator still knows of the finding: of others it will not tell that they are over.
 */
export const revived = (
  incidents: Incidents,
  nowMs: number,
  isRemembered: (finding: OpenIncident['findings'][number]) => boolean,
): Incidents =>
  incidents.map((incident) => ({
    ...incident,
    lastAtMs: nowMs,
    underWay: [],
    // Nobody tells any more that they are as usual.
    metrics: [],
    findings: incident.findings.map((one) => ({ ...one, isOpen: one.isOpen && isRemembered(one) })),
  }));

/** Of what is written for the next process. */
const VERSION = 1;

export const toResume = (incident: OpenIncident): string => JSON.stringify({ version: VERSION, incident });

/**
 * After a restart of the process: it is over in the quiet time that begins now, unless it shows again.
 * @param stored as it was told last; all there is where another version has written `resume`.
 */
export function takenUp(
  stored: StoredIncident,
  { resume, nowMs }: { readonly resume: string; readonly nowMs: number },
): OpenIncident {
  const { left, metrics, lastAtMs, ...incident } = resumed(resume) ?? fromStored(stored);
  return {
    ...incident,
    lastAtMs: nowMs,
    underWay: [],
    metrics: [],
    findings: incident.findings.map((one) => ({ ...one, isOpen: false })),
    left: left ?? { atMs: lastAtMs, metrics },
  };
}

function resumed(resume: string): OpenIncident | undefined {
  const { version, incident } = JSON.parse(resume) as { version: unknown; incident: OpenIncident };
  return version === VERSION ? incident : undefined;
}

function fromStored({ process: _, closed: __, updatedAtMs, title, ...told }: StoredIncident): OpenIncident {
  const { id, severity, startedAtMs } = told;
  return {
    ...newIncident(id, { text: title, from: 'finding', severity }, startedAtMs),
    ...told,
    lastAtMs: updatedAtMs,
    toldAtMs: updatedAtMs,
    isHeard: true,
  };
}

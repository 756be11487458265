// An insight from a claim, whoever makes it: verified in code, kept, told.
import { randomId } from '../ids.ts';
import { asJson, type JsonObject } from '../json.ts';
import { keepThenTell } from '../operator/keep.ts';
import { redact } from '../redact.ts';
import type { CoordinatorDesk } from './desk.ts';
import { type Claim, verifyClaim } from './grounding.ts';
import type { Insight } from './insight.ts';

export type Concluded =
  | {
      readonly ok: true;
      readonly insight: Insight;
      /** What there is to say when the store did not take it; else empty. */
      readonly unkept: JsonObject;
    }
  | {
      readonly ok: false;
      /** How to repair the claim. */
      readonly reason: string;
    };

/** Never rejects. The notifications of an insight become resolved. */
export async function conclude(desk: CoordinatorDesk, claim: Claim, signal: AbortSignal): Promise<Concluded> {
  const checked = verifyClaim(claim, {
    notifications: desk.state().entries.map((entry) => entry.notification),
    skillOf: (operator) => desk.operators.find((spec) => spec.name === operator)?.skill.id ?? operator,
  });
  if (!checked.ok) return checked;
  const { investigationId, clock } = desk;
  const createdAt = new Date(clock.now()).toISOString();
  const draft: Insight = { id: randomId(), investigationId, ...checked.claim, createdAt };
  const insight = redact(asJson(draft)) as unknown as Insight;
  desk.apply({ type: 'insight.produced', insight });
  const unkept = await keepThenTell(
    desk.keeper,
    { kind: 'insight', insight },
    {
      signal,
      tell: (mark) => desk.emit({ type: 'insight.produced', investigationId, insight, ...mark }),
    },
  );
  return { ok: true, insight, unkept };
}

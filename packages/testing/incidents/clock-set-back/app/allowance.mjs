// How often a partner may call: a bucket for each, refilled all the time, so that short bursts are fine.
const FORGET_MS = 600_000;

export function createAllowance({ perSecond, most }) {
  const buckets = new Map();
  const sweep = setInterval(() => {
    for (const [partner, { at }] of buckets) if (Date.now() - at > FORGET_MS) buckets.delete(partner);
  }, 60_000);
  sweep.unref();
  return {
    take(partner) {
      const now = Date.now();
      const bucket = buckets.get(partner) ?? { level: most, at: now };
      buckets.set(partner, bucket);
      bucket.level = Math.min(most, bucket.level + ((now - bucket.at) / 1_000) * perSecond);
      bucket.at = now;
      if (bucket.level < 1) return false;
      bucket.level -= 1;
      return true;
    },
  };
}

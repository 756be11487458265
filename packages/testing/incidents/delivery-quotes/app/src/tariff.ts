export enum ZoneLevel {
  Centre,
  City,
  Outskirts,
}

export interface Parcel {
  readonly grams: number;
  readonly express: boolean;
}

const BASE_CENTS: Record<ZoneLevel, number> = {
  [ZoneLevel.Centre]: 390,
  [ZoneLevel.City]: 490,
  [ZoneLevel.Outskirts]: 690,
};

export function priceOf({ grams, express }: Parcel, level: ZoneLevel): number {
  const base = BASE_CENTS[level] + Math.ceil(grams / 500) * 45;
  return express ? Math.round(base * 1.6) : base;
}

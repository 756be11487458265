import { ZoneLevel } from './tariff.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A closed outline, corner by corner. */
type Outline = readonly Point[];

interface ZoneData {
  readonly name: string;
  readonly level: ZoneLevel;
  readonly outline: Outline;
}

/** So far may a side of an outline be, in km, before its middle counts as a corner too. */
const FINENESS = 0.006;

/** Zones are of one size: of more than these the outline need not be looked at. */
const CANDIDATES = 5;

const between = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

const middleOf = (outline: Outline): Point => ({
  x: outline.reduce((sum, { x }) => sum + x, 0) / outline.length,
  y: outline.reduce((sum, { y }) => sum + y, 0) / outline.length,
});

function refine(outline: Outline): Outline {
  const corners: Point[] = [];
  let isFine = true;
  outline.forEach((corner, index) => {
    const next = outline[(index + 1) % outline.length] as Point;
    corners.push(corner);
    if (between(corner, next) <= FINENESS) return;
    isFine = false;
    corners.push({ x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 });
  });
  return isFine ? corners : refine(corners);
}

export class Zone implements ZoneData {
  readonly name: string;
  readonly level: ZoneLevel;
  readonly outline: Outline;
  readonly #corners: Outline;
  readonly centre: Point;

  constructor({ name, level, outline }: ZoneData) {
    this.name = name;
    this.level = level;
    this.outline = outline;
    this.#corners = refine(outline);
    this.centre = middleOf(outline);
  }

  distanceTo(point: Point): number {
    return Math.min(...this.#corners.map((corner) => between(corner, point)));
  }
}

export class ZoneMap {
  readonly #zones: readonly Zone[];

  constructor(zones: readonly Zone[]) {
    this.#zones = zones;
  }

  static ofCity(count: number): ZoneMap {
    return new ZoneMap(Array.from({ length: count }, (_, index) => new Zone(zoneAt(index))));
  }

  names(): readonly string[] {
    return this.#zones.map(({ name }) => name);
  }

  closest(point: Point): Zone {
    const near = this.#zones
      .map((zone) => ({ zone, km: between(zone.centre, point) }))
      .sort((a, b) => a.km - b.km)
      .slice(0, CANDIDATES)
      .map(({ zone }) => ({ zone, km: zone.distanceTo(point) }));
    const [best] = near.sort((a, b) => a.km - b.km);
    if (best === undefined) throw new Error('a city has at least one zone');
    return best.zone;
  }
}

function zoneAt(index: number): ZoneData {
  const [column, row] = [index % 8, Math.floor(index / 8)];
  const level = index % 7 === 0 ? ZoneLevel.Outskirts : index % 3 === 0 ? ZoneLevel.Centre : ZoneLevel.City;
  const outline = Array.from({ length: 12 }, (_, corner) => ({
    x: column * 6 + 3 * Math.cos((corner / 12) * 2 * Math.PI),
    y: row * 6 + 3 * Math.sin((corner / 12) * 2 * Math.PI),
  }));
  return { name: `zone ${column}-${row}`, level, outline };
}

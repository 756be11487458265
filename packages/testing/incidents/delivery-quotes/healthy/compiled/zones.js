import { ZoneLevel } from './tariff.js';

/** So far may a side of an outline be, in km, before its middle counts as a corner too. */
const FINENESS = 0.006;
const between = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
function refine(outline) {
  const corners = [];
  let isFine = true;
  outline.forEach((corner, index) => {
    const next = outline[(index + 1) % outline.length];
    corners.push(corner);
    if (between(corner, next) <= FINENESS) return;
    isFine = false;
    corners.push({ x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 });
  });
  return isFine ? corners : refine(corners);
}
export class Zone {
  name;
  level;
  outline;
  #corners;
  constructor({ name, level, outline }) {
    this.name = name;
    this.level = level;
    this.outline = outline;
    this.#corners = refine(outline);
  }
  distanceTo(point) {
    return Math.min(...this.#corners.map((corner) => between(corner, point)));
  }
}
export class ZoneMap {
  #zones;
  constructor(zones) {
    this.#zones = zones;
  }
  static ofCity(count) {
    return new ZoneMap(Array.from({ length: count }, (_, index) => new Zone(zoneAt(index))));
  }
  names() {
    return this.#zones.map(({ name }) => name);
  }
  closest(point) {
    const [first, ...others] = this.#zones;
    if (first === undefined) throw new Error('a city has at least one zone');
    return others.reduce(
      (best, zone) => (zone.distanceTo(point) < best.distanceTo(point) ? zone : best),
      first,
    );
  }
}
function zoneAt(index) {
  const [column, row] = [index % 8, Math.floor(index / 8)];
  const level = index % 7 === 0 ? ZoneLevel.Outskirts : index % 3 === 0 ? ZoneLevel.Centre : ZoneLevel.City;
  const outline = Array.from({ length: 12 }, (_, corner) => ({
    x: column * 6 + 3 * Math.cos((corner / 12) * 2 * Math.PI),
    y: row * 6 + 3 * Math.sin((corner / 12) * 2 * Math.PI),
  }));
  return { name: `zone ${column}-${row}`, level, outline };
}

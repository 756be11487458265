// Where the vans are: each drives its round of the town.
const VANS = 40;
const ROUND = 360;

export function createFleet() {
  const vans = Array.from({ length: VANS }, (_, number) => ({ number, degrees: (number * ROUND) / VANS }));
  return {
    advance() {
      for (const van of vans) van.degrees = (van.degrees + 0.5 + (van.number % 5) / 10) % ROUND;
    },
    any: () => vans[Math.floor(Math.random() * vans.length)].number,
    position(number) {
      const radians = (vans[number].degrees * Math.PI) / 180;
      return { latitude: 48.1 + 0.05 * Math.sin(radians), longitude: 11.5 + 0.08 * Math.cos(radians) };
    },
    overview: () => vans.map(({ number, degrees }) => ({ number, degrees: Math.round(degrees) })),
  };
}

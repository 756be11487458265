// Trips of the last weeks by vehicle; new ones come in all the time and the oldest go.

const TRIPS_EACH = 2_600;
const TOWNS = ['Ghent', 'Lille', 'Aachen', 'Breda', 'Namur', 'Utrecht', 'Trier', 'Arlon', 'Metz'];
const DRIVERS = ['Peeters', 'Janssens', 'Maes', 'Dubois', 'Lambert', 'Weber', 'Schmitz'];

let number = 0;
function nextTrip(vehicle) {
  number += 1;
  const mixed = Math.imul(number, 2_654_435_761) >>> 0;
  const km = 20 + (mixed % 400);
  return {
    trip: number,
    vehicle: `V-${100 + vehicle}`,
    driver: DRIVERS[mixed % DRIVERS.length],
    from: TOWNS[(mixed >>> 4) % TOWNS.length],
    to: TOWNS[(mixed >>> 9) % TOWNS.length],
    km,
    litres: Math.round(km * 0.31 * 10) / 10,
    minutes: Math.round(km * 0.9) + (mixed % 17),
  };
}

export function createFleet({ vehicles, everyMs }) {
  const trips = Array.from({ length: vehicles }, (_, vehicle) =>
    Array.from({ length: TRIPS_EACH }, () => nextTrip(vehicle)),
  );
  setInterval(() => {
    const vehicle = number % vehicles;
    trips[vehicle].push(nextTrip(vehicle));
    if (trips[vehicle].length > TRIPS_EACH) trips[vehicle].shift();
  }, everyMs).unref();
  return {
    tripsOf: (vehicle) => trips[vehicle % vehicles],
    figures: () => ({ vehicles, newest: number, lastKm: trips.map((some) => some.at(-1).km) }),
  };
}

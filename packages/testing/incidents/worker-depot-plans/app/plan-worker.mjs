// Plans one depot's tours after the other.
import { parentPort } from 'node:worker_threads';
import { palletsFor } from './pallets.mjs';
import { shortTour } from './tour.mjs';

const PER_TRUCK = 24;

parentPort.on('message', ({ id, depot, orders }) => {
  const loads = orders.map((order) => ({ ...order, pallets: palletsFor(order.tonnes) }));
  const tour = shortTour(depot, loads);
  const pallets = loads.reduce((sum, load) => sum + load.pallets, 0);
  const plan = {
    depot: depot.name,
    stops: tour.map(({ name }) => name),
    trucks: Math.ceil(pallets / PER_TRUCK),
  };
  parentPort.postMessage({ id, plan });
});

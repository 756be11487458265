// How many pallets an order takes: one for each quarter of a tonne that is begun.
const PALLET_TONNES = 0.25;

export const palletsFor = (tonnes) => Math.ceil(tonnes / PALLET_TONNES);

const LETTER_G = 500;
const PARCEL_G = 31_500;
/** Some products come in a packing that weighs next to nothing, and is not told. */
const NO_PACKING = { weightG: 0 };

/** How a product is sent: by its weight with its packing. */
export function parcelClass(product) {
  const { weightG } = product.packing ?? NO_PACKING;
  const grams = weightG + product.weightG;
  if (grams <= LETTER_G) return 'letter';
  return grams <= PARCEL_G ? 'parcel' : 'freight';
}

const PRICES = { letter: 190, parcel: 590, freight: 4_900 };

export const shippingCents = (product) => PRICES[parcelClass(product)];

/** Pays out to the company's account at its bank; answers the bank's reference. */
export async function payOut(cents) {
  const response = await fetch(`${process.env.BANK_URL}/payouts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cents }),
  });
  if (!response.ok) throw new Error(`the bank answered ${response.status}`);
  const { reference } = await response.json();
  return reference;
}

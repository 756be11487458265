export async function drive(lab) {
  const account = () => `DE${Math.floor(lab.random() * 3_000)}`;
  await lab.every(20, () => lab.request(`/statement?account=${account()}`));
}

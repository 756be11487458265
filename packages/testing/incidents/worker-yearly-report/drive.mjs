// Clerks look at the stock; reports of weeks and months are asked for now and then, and one of a year.
export async function drive(lab) {
  let week = 0;
  const stock = () => lab.request(`/stock?article=A${1 + Math.floor(lab.random() * 400)}`);
  const short = () => {
    week += 1;
    return lab.request(`/report?days=${7 + (week % 24)}`);
  };
  const year = () => lab.request('/report?days=365');
  await Promise.all([
    lab.every(40, stock),
    lab.every(900, short),
    lab.every(2_500, year),
    lab.every(1_000, () => lab.request('/health')),
  ]);
}

// Pictures are put in, and people look at previews.
export async function drive(lab) {
  let count = 0;
  const put = () => {
    count += 1;
    const body = Array.from({ length: 600 }, () =>
      String.fromCharCode(33 + Math.floor(lab.random() * 90)),
    ).join('');
    return lab.request('/pictures', { method: 'POST', body });
  };
  const look = () => lab.request(`/preview?id=${1 + Math.floor(lab.random() * Math.max(1, count))}`);
  await Promise.all([
    lab.every(120, put),
    lab.every(60, look),
    lab.every(1000, () => lab.request('/health')),
  ]);
}

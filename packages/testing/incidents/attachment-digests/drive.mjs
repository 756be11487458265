/** Most send a PDF or a picture; some send an archive, which is not taken. */
export async function drive(lab) {
  const attach = (head) =>
    lab.request(`/tickets/${1 + Math.floor(lab.random() * 200)}/attachments`, {
      method: 'POST',
      body: `${head}${'customer data '.repeat(200 + Math.floor(lab.random() * 400))}`,
    });
  lab.every(1_000, () => lab.request('/tickets'));
  lab.every(250, () => attach('%PDF-1.7\n'));
  await lab.every(300, () => attach('PK\x03\x04'));
}

// Accounts as they were imported; mail addresses are lower case.

const imported = JSON.parse(process.env.IMPORTED_ACCOUNTS ?? '[]');
const accounts = new Map(imported.map((account) => [account.mail, account]));

export const findAccount = (mail) => accounts.get(String(mail).toLowerCase());

// Accounts as they were imported; mail addresses are lower case.

const accounts = new Map(
  [
    {
      mail: 'ada@example.org',
      name: 'ada',
      salt: 'salt-of-ada',
      hash: '4a0b6341301ca98429b87efa0b98dd11af0cb87dcf8922672c0b4d4e6d68ee5cf12f5efeb60ceb822f4137a51a738b3198afd7efc179bc6fe99ffa41e1f65c8c',
    },
    {
      mail: 'grace@example.org',
      name: 'grace',
      salt: 'salt-of-grace',
      hash: '85449624ffc2d9349352c155c603a459e55dc3db935966b7d615bfed071e305836c9f88ed183b12733c3ca742114b3a365de501ccd882409dbc6739e294c9a2b',
    },
    {
      mail: 'alan@example.org',
      name: 'alan',
      salt: 'salt-of-alan',
      hash: 'c804c2b3a99e99b1271e1ac9fc1a2972ff8dd55818637c4c5900bb4ddb92a6626794288fec4286936cea52c5ec2b59347b3a1d0765b1385397353929129e6b26',
    },
  ].map((account) => [account.mail, account]),
);

export const findAccount = (mail) => accounts.get(String(mail).toLowerCase());

// Names of subscribers are asked of the name server of the network they are in.
import { Resolver } from 'node:dns/promises';

const resolver = new Resolver({ timeout: 4_000, tries: 2 });
resolver.setServers([process.env.NAME_SERVER]);

/** As `net.connect` wants it. */
export function lookup(host, options, callback) {
  addressOf(host).then(
    (address) => (options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
    (error) => callback(error),
  );
}

async function addressOf(host) {
  const [address] = await resolver.resolve4(host);
  return address;
}

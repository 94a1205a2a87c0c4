import { readFileSync } from 'node:fs';

/** Of the process itself: the ledger's files, the event loop, resolvers, and connections that wait to be closed. */
const own = 32;

/** The most files and connections that this process may have open; undefined where the system does not tell. */
export const descriptorLimit = readLimit();

/** The most connections of clients: a connection upstream that is not there yet can be waited for. */
export const clientsShare = descriptorLimit && Math.max(8, Math.floor(((descriptorLimit - own) * 3) / 4));

/** The most connections to one upstream origin. More would leave none for clients, which the system then cuts off. */
export const upstreamShare = descriptorLimit && Math.max(4, Math.floor((descriptorLimit - own) / 4));

function readLimit(): number | undefined {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

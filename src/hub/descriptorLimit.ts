import { readFileSync } from 'node:fs';

/** Of the process itself: the ledger's files, the event loop, resolvers, and connections that wait to be closed. */
const own = 32;

/** The most files and connections that this process may have open; undefined where the system does not tell. */
export const descriptorLimit = readLimit();

/** Places of connections beyond the clients' share, until each has its 503. */
export const turnedAwayShare = descriptorLimit && Math.max(4, Math.floor(descriptorLimit / 32));

const shared = descriptorLimit && descriptorLimit - own - (turnedAwayShare ?? 0);

/** The most connections of clients: a connection upstream that is not there yet can be waited for. */
export const clientsShare = shared && Math.max(4, Math.floor((shared * 4) / 5));

/** The most connections upstream. More would leave none for clients, which the system then cuts off. */
export const upstreamShare = shared && Math.max(2, Math.floor(shared / 5));

function readLimit(): number | undefined {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

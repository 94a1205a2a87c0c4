import { readFileSync } from 'node:fs';

/** Of the process itself: the ledger's files, the event loop, resolvers, and connections that wait to be closed. */
const own = 32;
const fewestTurnedAway = 4;
const fewestClients = 4;
const fewestUpstream = 2;
/** With fewer, the shares below are more than there is. */
const fewest = own + fewestTurnedAway + fewestClients + fewestUpstream;

/** The most files and connections that this process may have open; undefined where the system does not tell. */
export const descriptorLimit = readLimit();

/** Places of connections beyond the clients' share, until each has its 503. */
export const turnedAwayShare =
  descriptorLimit && Math.max(fewestTurnedAway, Math.floor(descriptorLimit / 32));

const shared = descriptorLimit && descriptorLimit - own - (turnedAwayShare ?? 0);

/** The most connections of clients: a connection upstream that is not there yet can be waited for. */
export const clientsShare = shared && Math.max(fewestClients, Math.floor((shared * 4) / 5));

/** The most connections upstream. More would leave none for clients, which the system then cuts off. */
export const upstreamShare = shared && Math.max(fewestUpstream, Math.floor(shared / 5));

/** Why no gateway can start, as a sentence; undefined where the limit is high enough or not known. */
export function descriptorShortage(): string | undefined {
  if (descriptorLimit === undefined || descriptorLimit >= fewest) return undefined;
  return `the gateway could not start: this process may open ${descriptorLimit} files at once, and the gateway needs ${fewest}. Raise the limit with ulimit -n 1024, then start it again.`;
}

function readLimit(): number | undefined {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

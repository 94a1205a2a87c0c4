import { createHash } from 'node:crypto';
import type { Servers } from '../hub/servers.ts';

/** An account's name in the ledger: 128 bits of a hash of its token and servers. */
export function fingerprint(token: string, { hubUrl, endpointsUrl }: Servers): string {
  const text = ['headroom-ledger', token, hubUrl, endpointsUrl].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

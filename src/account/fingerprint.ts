import { createHash } from 'node:crypto';
import type { Servers } from '../hub/servers.ts';

/**
 * Names a token in the ledger without telling it: 128 bits of a hash that nothing else uses. What another server
 * said of the same token is another account's.
 */
export function fingerprint(token: string, { hubUrl, endpointsUrl }: Servers): string {
  const text = ['headroom-ledger', token, hubUrl, endpointsUrl].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

import { createHash } from 'node:crypto';
import type { Servers } from '../hub/servers.ts';

/** The name of an account in the ledger: 128 bits of a hash of its token and servers that nothing else uses. */
export function fingerprint(token: string, { hubUrl, endpointsUrl }: Servers): string {
  const text = ['headroom-ledger', token, hubUrl, endpointsUrl].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

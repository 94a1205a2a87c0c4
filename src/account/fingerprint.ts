import { createHash } from 'node:crypto';
import type { Servers } from '../hub/servers.ts';
import type { Account } from '../limits/account/account.ts';

/** An account's name in the ledger: 128 bits of a hash of its token and servers. */
export function fingerprint(token: string, { hubUrl, endpointsUrl }: Servers): string {
  return hash(['headroom-ledger', token, hubUrl, endpointsUrl]);
}

/** Fingerprints of a token, and of its account when that is known: the same with each of its tokens. */
export interface AccountFingerprints {
  readonly token: string;
  readonly account?: string;
}

/** Undefined without a token. */
export function accountFingerprints(
  token: string | undefined,
  servers: Servers,
  account: Pick<Account, 'name' | 'type'> | undefined,
): AccountFingerprints | undefined {
  if (token === undefined) return undefined;
  return {
    token: fingerprint(token, servers),
    // names on the Hub differ by more than case
    ...(account && {
      account: hash(['headroom-account', account.type, account.name.toLowerCase(), servers.hubUrl]),
    }),
  };
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

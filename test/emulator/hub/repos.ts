import { createHash } from 'node:crypto';
import type { Exchange } from '../http/exchange.ts';
import { isAccount, permits, roleIn } from '../identity.ts';
import type { Repo } from '../state.ts';

export function sha(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** The repository's current commit. */
export function repoSha({ files, lfs }: Repo): string {
  return sha(JSON.stringify([files, lfs]));
}

/** `datasets/ada/reviews` → `ada/reviews`. */
export function repoId(key: string): string {
  return key.replace(/^(datasets|spaces)\//, '');
}

export function canRead(exchange: Exchange, key: string): boolean {
  const repo = exchange.world.state.repos[key];
  return (
    repo !== undefined &&
    (!repo.private || belongs(exchange, key, 'repo.content.read', ['admin', 'write', 'contributor', 'read']))
  );
}

export function canWrite(exchange: Exchange, key: string): boolean {
  const { identity } = exchange;
  if (!isAccount(identity) || identity.token.role === 'read') return false;
  return belongs(exchange, key, 'repo.write', ['admin', 'write']);
}

function belongs(
  { world, identity }: Exchange,
  key: string,
  permission: string,
  roles: readonly string[],
): boolean {
  if (!isAccount(identity)) return false;
  const owner = repoId(key).split('/')[0] ?? '';
  const org = world.state.orgs[owner];
  const role = org && roleIn(org, identity.name);
  return (
    (identity.name === owner || (role !== undefined && roles.includes(role))) &&
    permits(identity.token, owner, permission)
  );
}

import type { Exchange, Route } from '../http/exchange.ts';
import { isAccount, permits, roleIn } from '../identity.ts';
import type { Repo } from '../state.ts';
import { refuseGated, repoNotFound } from './notFound.ts';
import { repoId } from './repos.ts';

export type RepoHandler = (exchange: Exchange, key: string, repo: Repo) => void | Promise<void>;

/** The handler with the repository of the path, once the caller may read it. */
export function onRepo(prefix: string, handle: RepoHandler): Route['handle'] {
  return exchange => {
    const name = exchange.params[1]?.replace(/\.git$/, '');
    const key = `${prefix}${exchange.params[0]}/${name}`;
    const repo = exchange.world.state.repos[key];
    if (!repo || !canRead(exchange, key)) return repoNotFound(exchange);
    return handle(exchange, key, repo);
  };
}

/** The same for the content of files, which a gated repository shows only to those who were granted access. */
export function onFiles(prefix: string, handle: RepoHandler): Route['handle'] {
  return onRepo(prefix, (exchange, key, repo) =>
    repo.gated === false || hasGatedAccess(exchange, key, repo)
      ? handle(exchange, key, repo)
      : refuseGated(exchange, key, repo),
  );
}

export function canRead(exchange: Exchange, key: string): boolean {
  const repo = exchange.world.state.repos[key];
  return repo !== undefined && (!repo.private || isReader(exchange, key));
}

export function canWrite(exchange: Exchange, key: string): boolean {
  const { identity } = exchange;
  if (!isAccount(identity) || identity.token.role === 'read') return false;
  return belongs(exchange, key, 'repo.write', ['admin', 'write']);
}

function hasGatedAccess(exchange: Exchange, key: string, { granted }: Repo): boolean {
  const { identity } = exchange;
  if (isReader(exchange, key)) return true;
  if (!isAccount(identity) || !granted?.includes(identity.name)) return false;
  return identity.token.role !== 'fineGrained' || identity.token.canReadGatedRepos === true;
}

function isReader(exchange: Exchange, key: string): boolean {
  return belongs(exchange, key, 'repo.content.read', ['admin', 'write', 'contributor', 'read']);
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

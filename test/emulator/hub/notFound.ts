import type { Exchange } from '../http/exchange.ts';

export function hubNotFound({ reply }: Exchange): void {
  reply.error(404, "Sorry, we can't find the page you are looking for.");
}

/** A repository that the caller may not read gets the same response as one that does not exist. */
export function repoNotFound({ identity, reply }: Exchange) {
  if (identity.kind === 'anonymous') return reply.error(401, 'Invalid username or password.', 'RepoNotFound');
  reply.error(404, 'Repository not found', 'RepoNotFound');
}

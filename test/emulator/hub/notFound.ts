import type { Exchange } from '../http/exchange.ts';
import { isAccount } from '../identity.ts';
import type { Repo } from '../state.ts';
import { repoId, typeOf } from './repos.ts';

export function hubNotFound({ reply }: Exchange): void {
  reply.error(404, "Sorry, we can't find the page you are looking for.");
}

/**
 * A repository that the caller may not read gets the same response as one that does not exist. The codes are those
 * that huggingface_hub's error classes read (utils/_http.py, hf_raise_for_status).
 */
export function repoNotFound({ identity, reply }: Exchange) {
  if (identity.kind === 'anonymous') return reply.error(401, 'Invalid username or password.', 'RepoNotFound');
  reply.error(404, 'Repository not found', 'RepoNotFound');
}

export function revisionNotFound({ reply }: Exchange, revision: string) {
  reply.error(404, `Invalid rev id: ${revision}`, 'RevisionNotFound');
}

/** With the commit: huggingface_hub remembers by it that the file does not exist. */
export function entryNotFound({ reply }: Exchange, commitOid: string) {
  reply.error(404, 'Entry not found', 'EntryNotFound', { 'x-repo-commit': commitOid });
}

/** Refuses the files of a gated repository; its description is public. Texts as reported by users. */
export function refuseGated({ identity, reply }: Exchange, key: string, repo: Repo) {
  const name = `${typeOf(key)} ${repoId(key)}`;
  const refuse = (status: number, text: string) => reply.error(status, text, 'GatedRepo');
  if (!isAccount(identity))
    return refuse(
      401,
      `Access to ${name} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
    );
  if (repo.granted?.includes(identity.name))
    return refuse(
      403,
      'Please enable access to public gated repositories in your fine-grained token settings to view this repository.',
    );
  refuse(
    403,
    `Access to ${name} is restricted and you are not in the authorized list. Visit https://huggingface.co/${key} to ask for access.`,
  );
}

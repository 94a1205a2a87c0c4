import { payerNamed } from '../identity.ts';
import type { Repo, Storage } from '../state.ts';
import type { World } from '../world.ts';
import { repoId } from './repos.ts';

/** HF's text for an upload to a private repository. LFS refuses it with 403, a commit with 400. */
export const storageLimitReached =
  'Private repository storage limit reached, please upgrade your plan to increase your private storage limit.';

/** Whether so many more bytes fit into the storage of the repository's owner. Public storage is best effort. */
export function fits(world: World, key: string, repo: Repo, bytes: number): boolean {
  const storage = storageOf(world, key);
  return !repo.private || !storage || storage.privateBytes + bytes <= storage.privateLimitBytes;
}

/** Counts uploaded bytes. Deleted files stay counted, since they stay in the repository's history. */
export function countStored(world: World, key: string, repo: Repo, bytes: number): void {
  const storage = storageOf(world, key);
  if (storage) storage[repo.private ? 'privateBytes' : 'publicBytes'] += bytes;
}

function storageOf(world: World, key: string): Storage | undefined {
  return payerNamed(world.state, repoId(key).split('/')[0] ?? '')?.storage;
}

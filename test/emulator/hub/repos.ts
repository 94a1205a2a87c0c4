import { createHash } from 'node:crypto';
import type { Repo } from '../state.ts';

/** Plural in API paths, and prefix of the repository's own path. */
export const repoKinds = [
  ['models', ''],
  ['datasets', 'datasets/'],
  ['spaces', 'spaces/'],
] as const;

export function sha(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** `datasets/ada/reviews` → `ada/reviews`. */
export function repoId(key: string): string {
  return key.replace(/^(datasets|spaces)\//, '');
}

export function typeOf(key: string): Repo['type'] {
  if (key.startsWith('datasets/')) return 'dataset';
  return key.startsWith('spaces/') ? 'space' : 'model';
}

import { isNetworkProblem } from '../../account/problem.ts';
import type { SessionProblem, Snapshot } from '../../account/snapshot.ts';
import { namedParts } from '../account/parts.ts';

/** The context key that selects a welcome view; `ready` shows the tree. */
export type WelcomeState =
  | 'signed-out'
  | SessionProblem['kind']
  | 'invalid-token'
  | 'offline'
  | 'loading'
  | 'ready';

/**
 * Any known value beats every failure: the tree then shows it with its age and its problem. So does a missing
 * permission, which proves that Hugging Face knows the token.
 */
export function welcomeState(snapshot: Snapshot): WelcomeState {
  if (!snapshot.session) return snapshot.sessionProblem?.kind ?? 'signed-out';
  const parts = namedParts(snapshot);
  if (parts.some(({ kind, value }) => kind !== 'account' && kind !== 'zeroGpu' && value !== undefined)) {
    return 'ready';
  }
  const problems = parts.flatMap(({ problem }) => problem ?? []);
  if (problems.some(({ kind }) => kind === 'invalid-token')) return 'invalid-token';
  if (snapshot.zeroGpu.value) return 'ready';
  const credits = snapshot.credits.problem;
  if (credits) return isNetworkProblem(credits.kind) ? 'offline' : 'ready';
  return problems.some(({ kind }) => isNetworkProblem(kind)) ? 'offline' : 'loading';
}

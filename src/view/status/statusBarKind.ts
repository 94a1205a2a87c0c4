import type { SessionProblem } from '../../account/snapshot.ts';
import { type CommandId, commands } from '../contributions.ts';

/** The states of the status bar item. */
export type StatusBarKind =
  | 'signed-out'
  | SessionProblem['kind']
  | 'invalid-token'
  | 'paused'
  | 'exhausted'
  | 'unsettled'
  | 'returning'
  | 'held'
  | 'rate-limited'
  | 'loading'
  | 'no-permission'
  | 'offline'
  | 'unavailable'
  | 'stale'
  | 'pay-as-you-go'
  | 'low'
  | 'fresh'
  | 'organization'
  | 'provider-key';

export interface StatusBarModel {
  readonly kind: StatusBarKind;
  /** Begins with a codicon; remote names in it are escaped. */
  readonly text: string;
  readonly background?: 'warning' | 'error';
  /** The text in words. */
  readonly accessibilityLabel: string;
}

/** A click on “sign in” signs in, on anything else opens the actions. */
export function clickCommand(kind: StatusBarKind): CommandId {
  return kind === 'signed-out' || kind === 'invalid-token' ? commands.signIn : commands.showActions;
}

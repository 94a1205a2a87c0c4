import type { Account } from '../limits/account/account.ts';
import { billability } from '../limits/account/billability.ts';

/** A call to HF that is repeated to keep the snapshot fresh. `whoami` is none: it is never on a timer. */
export type TaskKind =
  | 'usage'
  | 'live'
  | 'jobs'
  | 'zero-gpu'
  | 'endpoints'
  | 'hardware'
  | 'endpoint-use'
  | 'organization-usage';

export interface Task {
  readonly kind: TaskKind;
  /** The namespace or organization, for the kinds that have one. */
  readonly of?: string;
}

/** The name of a task's row in the ledger, such as `endpoints/acme`. */
export function taskKey({ kind, of }: Task): string {
  return of === undefined ? kind : `${kind}/${of}`;
}

/** The tasks of an account; before whoami has answered, those without a namespace. */
export function tasksFor(account: Account | undefined): Task[] {
  const tasks: Task[] = [{ kind: 'live' }, { kind: 'usage' }, { kind: 'jobs' }, { kind: 'zero-gpu' }];
  if (!account) return tasks;
  const reachable = account.organizations.filter(
    ({ securityRestrictions }) => securityRestrictions.length === 0,
  );
  for (const of of [account.name, ...reachable.map(({ name }) => name)]) {
    tasks.push({ kind: 'endpoints', of }, { kind: 'hardware', of });
  }
  tasks.push({ kind: 'endpoint-use' });
  for (const organization of reachable) {
    // HF shows an organization's usage to its admins only.
    if (organization.role === 'admin' && billability(organization).canBill) {
      tasks.push({ kind: 'organization-usage', of: organization.name });
    }
  }
  return tasks;
}

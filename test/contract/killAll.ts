import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Resolves when all have exited; the list is empty then. */
export async function killAll(children: ChildProcess[]): Promise<void> {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

import type { ChildProcess } from 'node:child_process';
import type { ToGateway } from '../gateway/processMessages.ts';

/** The process ends by itself 5 s after it is told to, with what is in flight then. */
const STOP_TIMEOUT_MS = 6_000;

/** Another program listens there. */
export class PortNotFree extends Error {
  override readonly name = 'PortNotFree';
}

/** Of a port that was free once, Windows says EACCES when it has reserved it since. */
export function notListening({ code, message }: { readonly code?: string; readonly message: string }): Error {
  return code === 'EADDRINUSE' || code === 'EACCES' ? new PortNotFree(message) : new Error(message);
}

export function send(child: ChildProcess, message: ToGateway): void {
  // a process that is just ending can't be told any more, and its end is told in `exit`
  if (child.connected) child.send(message, () => {});
}

/** Lets the child go, and resolves when it has ended. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    if (child.connected) child.disconnect();
  });
}

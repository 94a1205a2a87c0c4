import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

/** Waits for a gateway process among the descendants, other than `before`. Resolves with its pid. */
export async function gatewayPid(ancestor: number, before?: number): Promise<number> {
  for (;;) {
    const pid = findGateway(ancestor);
    if (pid !== undefined && pid !== before) return pid;
    await setTimeout(100);
  }
}

/** Pid of the gateway process among the descendants, if one runs. */
export function findGateway(ancestor: number): number | undefined {
  const rows = execFileSync('ps', ['-Awwo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const parents = new Map<number, number>();
  const gateways: number[] = [];
  for (const row of rows) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(row) ?? [];
    parents.set(Number(pid), Number(parent));
    if (command.endsWith('gateway --ipc')) gateways.push(Number(pid));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === ancestor || isBelow(parents.get(pid)));
  return gateways.find(isBelow);
}

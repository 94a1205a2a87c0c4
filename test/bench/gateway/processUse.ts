import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Of all threads so far. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + onCoreSeconds(pid, thread), 0);
}

/** To the nanosecond, where the ticks of `stat` are 10 ms. */
function onCoreSeconds(pid: number, thread: string): number {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
}

export function residentKiB(pid: number): number {
  return statusKiB(pid, 'VmRSS');
}

/** The most since `forgetPeak`. */
export function peakKiB(pid: number): number {
  return statusKiB(pid, 'VmHWM');
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function statusKiB(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
}

/** Keeps every thread of a process on one core, where that can be. */
export function pin(pid: number, core: number): void {
  if (canPin) spawnSync('taskset', ['-acp', String(core), String(pid)]);
}

/** The same for its main thread alone: compilers and collectors may use the other cores, as they do in life. */
export function pinMain(pid: number, core: number): void {
  if (!canPin) return;
  spawnSync('taskset', ['-acp', `0-${availableParallelism() - 1}`, String(pid)]);
  spawnSync('taskset', ['-cp', String(core), String(pid)]);
}

/** Whether a process leaves its core to whoever else wants it, at once. */
export function letGiveWay(pid: number, givesWay: boolean): void {
  if (canPin) spawnSync('chrt', [givesWay ? '--idle' : '--other', '--pid', '0', String(pid)]);
}

export const canPin =
  existsSync('/proc/self/stat') &&
  spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Of all threads since their start. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + onCoreSeconds(pid, thread), 0);
}

/** From `schedstat`, in nanoseconds; `stat` counts ticks of 10 ms. */
function onCoreSeconds(pid: number, thread: string): number {
  return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
}

export function residentKiB(pid: number): number {
  return statusKiB(pid, 'VmRSS');
}

/** Peak since `forgetPeak`. */
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

/** Pins every thread of a process to one core, where `taskset` exists. */
export function pin(pid: number, core: number): void {
  if (canPin) spawnSync('taskset', ['-acp', String(core), String(pid)]);
}

/** Pins the main thread only: V8's compiler and collector threads use other cores, as in production. */
export function pinMain(pid: number, core: number): void {
  if (!canPin) return;
  spawnSync('taskset', ['-acp', `0-${availableParallelism() - 1}`, String(pid)]);
  spawnSync('taskset', ['-cp', String(core), String(pid)]);
}

/** Idle: the process runs only while no other process wants its core. */
export function setIdlePriority(pid: number, isIdle: boolean): void {
  if (canPin) spawnSync('chrt', [isIdle ? '--idle' : '--other', '--pid', '0', String(pid)]);
}

export const canPin =
  existsSync('/proc/self/stat') &&
  spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

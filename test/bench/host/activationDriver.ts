import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';

export interface ActivationRow {
  /** `activate()` of `vscode.Extension`, module loading included, in ms. */
  readonly measured?: { readonly empty: number; readonly headroom: number };
  /** Headroom's own `activate()` from call to return, and the calls it made. */
  readonly observed?: { readonly ms: number; readonly calls: readonly string[] };
}

/** Until the window is idle. */
const startupMs = 5_000;
/** Until the parts of Headroom that load after activation have loaded. */
const idleMs = 1_500;

/** Every third round observes `activate()`; the others measure, in alternating order. */
export async function activate(): Promise<void> {
  const report = process.env.HEADROOM_BENCH_REPORT ?? '';
  const round = fs.readFileSync(report, 'utf8').split('\n').length - 1;
  await pause(startupMs);
  await timeActivation('first'); // takes the extra time of a host's first activation
  await pause(idleMs);
  const row: ActivationRow =
    round % 3 === 2 ? { observed: await observe() } : { measured: await measure(round % 3 === 0) };
  fs.appendFileSync(report, `${JSON.stringify(row)}\n`);
}

async function measure(emptyFirst: boolean): Promise<ActivationRow['measured']> {
  const before = emptyFirst ? await timeActivation('empty') : undefined;
  if (before !== undefined) await pause(idleMs);
  const headroom = await timeActivation('headroom');
  await pause(idleMs);
  return { empty: before ?? (await timeActivation('empty')), headroom };
}

async function timeActivation(name: string): Promise<number> {
  const extension = vscode.extensions.getExtension(`bench.${name}`);
  if (!extension || extension.isActive) throw new Error(`${name} is missing or already active`);
  const start = performance.now();
  await extension.activate();
  return performance.now() - start;
}

async function observe(): Promise<ActivationRow['observed']> {
  const calls: string[] = [];
  let watching = false;
  let observed: ActivationRow['observed'];
  const watch = (name: string, owner: object) => {
    for (const [key, original] of Object.entries(owner)) {
      if (typeof original !== 'function' || /^[A-Z]/.test(key)) continue;
      Object.assign(owner, {
        [key](this: unknown, ...args: unknown[]) {
          if (watching) calls.push(`${name}.${key}(${String(args[0])})`);
          return Reflect.apply(original, this, args);
        },
      });
    }
  };
  watch('fs', fs);
  watch('fs.promises', fs.promises);
  watch('child_process', childProcess);
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
    if (watching) calls.push('net.Socket.connect');
    return Reflect.apply(connect, this, args) as net.Socket;
  };
  syncBuiltinESMExports();
  Object.assign(globalThis, {
    observeActivation(run: () => void) {
      watching = true;
      const start = performance.now();
      run();
      const ms = performance.now() - start;
      watching = false;
      observed = { ms, calls };
    },
  });
  await vscode.extensions.getExtension('bench.observed')?.activate();
  return observed;
}

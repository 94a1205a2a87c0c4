import { spawn } from 'node:child_process';
import os from 'node:os';
import type { Budget } from '../billing/budget.ts';
import { allFamilies, programVariables } from '../gateway/programVariables.ts';
import { proxyExceptions } from '../gateway/proxyExceptions.ts';
import type { OptionsOf } from './command.ts';
import { startOwnGateway } from './ownGateway.ts';
import { RunReport } from './runReport.ts';
import { printError } from './terminal.ts';

/** Runs a program with a gateway of its own. Returns the program's exit code, 127 when it can't be started. */
export async function runProgram(options: OptionsOf<'run'>, version: string): Promise<number> {
  const { program, capNanoUsd, state } = options;
  const report = new RunReport(capNanoUsd, Date.now);
  const gateway = await startOwnGateway({
    port: 0,
    // standard output is the program's
    json: true,
    state,
    failover: [],
    pacing: 'pace',
    capNanoUsd,
    version,
    onTallies: tallies => report.add(tallies),
    onEvent: event => {
      if (event.kind === 'held') report.held(event.held);
      if (event.kind === 'paused') printError(pausedText(event));
    },
  });
  if (!gateway) return 1;
  const { address, payers } = gateway;
  const variables = programVariables(allFamilies, address, payers.payer.chosen);
  const env = { ...process.env, ...variables, ...proxyExceptions(process.env) };
  const code = await exitCodeOf(program, env);
  await gateway.close();
  process.stderr.write(report.text());
  return code;
}

function pausedText({ payer }: Pick<Budget, 'payer'>): string {
  const what = payer === undefined ? 'the cap' : `this month's budget of ${payer}`;
  return `paused: ${what} is used up. Further requests get a 402.`;
}

async function exitCodeOf([command, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv) {
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  // Ctrl+C reaches the program, too, which decides when it ends
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  const ignore = () => undefined;
  process.on('SIGINT', ignore).on('SIGTERM', forward);
  child.once('error', error => {
    printError(`${command} could not be started: ${error.message}.`);
    resolve(127);
  });
  child.once('exit', (code, signal) =>
    resolve(code ?? 128 + (os.constants.signals[signal ?? 'SIGTERM'] ?? 0)),
  );
  const code = await promise;
  process.off('SIGINT', ignore).off('SIGTERM', forward);
  return code;
}

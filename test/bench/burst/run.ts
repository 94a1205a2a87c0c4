import path from 'node:path';
import { createInterface } from 'node:readline';
import { start } from '../gateway/server.ts';
import { type Emulator, refusedChats, restart } from './emulator.ts';
import type { Outcome, Plan } from './plan.ts';
import type { Work } from './work.ts';

/** The result of a work. */
export interface Run {
  readonly requests: number;
  readonly answered: number;
  /** 429s that callers got. */
  readonly shown: number;
  readonly failed: number;
  readonly lastFailure?: string;
  /** Requests that the server refused, from its own record. */
  readonly refused: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly leastSeconds: number;
  /** Longest total wait of a program, relative to an equal share. */
  readonly unfairness: number;
}

const callerProgram = path.join(import.meta.dirname, 'caller.ts');

/** Runs the plans in processes of their own, all from the start of a window. Rejects when one takes too long. */
export async function run(emulator: Emulator, work: Work, plans: readonly Plan[]): Promise<Run> {
  await restart(emulator, work.unlimited);
  const callers = plans.map(startCaller);
  const deadline = setTimeout(
    () => {
      for (const { stop } of callers) stop();
    },
    (4 * work.leastSeconds + 20) * 1000,
  );
  try {
    for (const { line } of callers) await line();
    await restart(emulator, work.limited);
    for (const { go } of callers) go();
    const outcomes = await Promise.all(callers.map(async ({ line }) => JSON.parse(await line()) as Outcome));
    return summed(work, outcomes, await refusedChats(emulator));
  } finally {
    clearTimeout(deadline);
    for (const { stop } of callers) stop();
  }
}

function startCaller(plan: Plan) {
  const child = start(process.execPath, [callerProgram]);
  const { stdout, stdin } = child;
  if (!stdout || !stdin) throw new Error('a caller without pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  stdin.write(`${JSON.stringify(plan)}\n`);
  return {
    go: () => void stdin.write('go\n'),
    stop: () => void child.kill(),
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${plan.client} ended, or took too long`);
      return String(value);
    },
  };
}

function summed(work: Work, outcomes: readonly Outcome[], refused: number): Run {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  const startedAt = Math.min(...outcomes.map(outcome => outcome.startedAt));
  const endedAt = Math.max(...outcomes.map(outcome => outcome.endedAt));
  const lastFailure = outcomes.find(outcome => outcome.lastFailure)?.lastFailure;
  const longest = Math.max(...outcomes.map(({ waitedMs }) => waitedMs));
  return {
    requests: work.requests,
    answered: sum(({ answered }) => answered),
    shown: sum(outcome => outcome.refused),
    failed: sum(({ failed }) => failed),
    ...(lastFailure !== undefined && { lastFailure }),
    refused,
    seconds: (endedAt - startedAt) / 1000,
    leastSeconds: work.leastSeconds,
    unfairness: (longest * outcomes.length) / sum(({ waitedMs }) => waitedMs),
  };
}

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { decide } from '../../src/billing/budget.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { runCli, temporaryFolder } from './runCli.ts';

const root = path.resolve(import.meta.dirname, '../..');
const model = 'meta-llama/Llama-3.1-8B-Instruct';

/** Sends calls side by side with the real package, and prints how many were answered and refused. */
const program = `
import OpenAI from 'openai';
const client = new OpenAI({ maxRetries: 0 });
const [count, maxTokens] = process.argv.slice(2).map(Number);
const calls = Array.from({ length: count }, () =>
  client.chat.completions.create({
    model: '${model}:novita',
    max_tokens: maxTokens,
    messages: [{ role: 'user', content: 'Say hello, please.' }],
  }),
);
const results = await Promise.allSettled(calls);
const refused = results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
console.log(JSON.stringify({
  answered: count - refused.length,
  statuses: [...new Set(refused.map(({ status }) => status))],
  message: refused[0]?.message ?? null,
}));
`;

describe('headroom run and headroom budget:', function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let folder: string;
  let clean: () => void;
  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
  });
  after(() => emulator?.close());
  beforeEach(() => {
    ({ folder, clean } = temporaryFolder());
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    fs.writeFileSync(path.join(folder, 'calls.mjs'), program);
  });
  afterEach(() => clean());

  const run = (...args: string[]) => runIn(undefined, ...args);
  /** @param workspace of the window in whose terminal it runs */
  const runIn = (workspace: string | undefined, ...args: string[]) =>
    runCli(args, {
      environment: {
        ...(workspace && { HEADROOM_WORKSPACE: workspace }),
        HEADROOM_STATE: path.join(folder, 'state'),
        HEADROOM_HUB_URL: emulator.hubUrl,
        HEADROOM_ROUTER_URL: emulator.routerUrl,
        HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl,
        HF_TOKEN: emulator.token ?? '',
      },
      home: folder,
    });
  const calls = (count: number, maxTokens: number) => [
    '--',
    process.execPath,
    path.join(folder, 'calls.mjs'),
    `${count}`,
    `${maxTokens}`,
  ];
  const resultOf = (stdout: string) =>
    JSON.parse(stdout) as { answered: number; statuses: number[]; message: string | null };
  const totalOf = (stderr: string) => Number(/^headroom: <?\$([\d.]+)/m.exec(stderr)?.[1]);

  it('starts a program whose requests go through a gateway of its own, and prints their cost by model', async () => {
    const { code, stdout, stderr } = await run('run', ...calls(3, 20));
    assert.equal(code, 0, stderr);
    assert.deepEqual(resultOf(stdout), { answered: 3, statuses: [], message: null });
    assert.match(stderr, /^headroom: \$\d\.\d+ in 3 requests, counted here\.$/m);
    assert.match(stderr, new RegExp(`${model} · novita: 3 requests$`, 'm'));
    assert.ok(!stderr.includes(emulator.token ?? '-'));
  });

  it('ends with the exit code of the program, and with 127 when there is none', async () => {
    assert.equal((await run('run', '--', process.execPath, '-e', 'process.exit(7)')).code, 7);
    const missing = await run('run', '--', 'no-such-program-of-anybody');
    assert.equal(missing.code, 127);
    assert.match(missing.stderr, /no-such-program-of-anybody could not be started/);
  });

  it('needs -- before the program, and an amount of money as its cap', async () => {
    for (const args of [['run'], ['run', 'python', 'x.py'], ['run', '--cap', 'much', '--', 'python']]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.match(stderr, /run needs -- and a program|--cap needs an amount/);
    }
  });

  it('--cap holds under 32 requests side by side, with at most the cost of one beyond it', async () => {
    const free = await run('run', ...calls(1, 2000));
    const one = totalOf(free.stderr);
    assert.ok(one > 0, free.stderr);
    const cap = 4.5 * one;
    const { code, stdout, stderr } = await run('run', '--cap', cap.toFixed(9), ...calls(32, 2000));
    assert.equal(code, 0);
    const { answered, statuses, message } = resultOf(stdout);
    assert.ok(answered >= 4 && answered <= 5, stdout + stderr);
    assert.deepEqual(statuses, [402]);
    assert.match(message ?? '', /Headroom paused what is billed: .* of the cap of/);
    assert.ok(totalOf(stderr) <= cap + one, stderr);
  });

  it('headroom budget shows, sets and removes what who pays may spend in a month', async () => {
    const shown = async (...args: string[]) => {
      const { code, stdout, stderr } = await run('budget', ...args, '--json');
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const none = { payer: 'personal', workspace: null, budgetNanoUsd: null, pauseAtNanoUsd: null };
    const goesOn = { continuesUntil: null, continuesOnce: false };
    const spent = { countedNanoUsd: 0, reportedNanoUsd: null, paused: false, ...goesOn };
    assert.deepEqual(await shown(), { ...none, ...spent });
    const set = await shown('--set', '5', '--pause-at', '$7.50');
    assert.deepEqual(set, { ...none, budgetNanoUsd: 5e9, pauseAtNanoUsd: 7.5e9, ...spent });
    assert.deepEqual(await shown('--pause-at', 'none'), { ...none, budgetNanoUsd: 5e9, ...spent });
    assert.deepEqual(await shown('--set', 'none'), { ...none, ...spent });
  });

  it('--here is the budget of one folder, which pauses there alone, until a person lets it go on', async () => {
    const scope = { payer: 'personal', workspace: 'w1' };
    assert.equal((await run('budget', '--here')).code, 2);
    assert.equal((await runIn('w1', 'budget', '--here', '--pause-at', '0.000000001')).code, 0);
    const answered = async (workspace: string) =>
      resultOf((await runIn(workspace, 'run', ...calls(1, 20))).stdout).answered;
    assert.equal(await answered('w1'), 1);
    const { stdout } = await runIn('w1', 'run', ...calls(1, 20));
    assert.match(
      resultOf(stdout).message ?? '',
      /personal in this folder: .*headroom budget --here --pause-at/,
    );
    assert.equal(await answered('w2'), 1);
    const ledger = openLedger({ directory: path.join(folder, 'state'), now: Date.now });
    const until = Date.now() + 3_600_000;
    decide(ledger, scope, { at: Date.now(), until });
    ledger.close();
    assert.equal(await answered('w1'), 1);
    assert.match((await runIn('w1', 'budget', '--here')).stdout, /^Continues {2}until /m);
  });

  it('a budget pauses each gateway of its payer, and the error says how to go on', async () => {
    assert.equal((await run('run', ...calls(2, 20))).code, 0);
    assert.equal((await run('budget', '--pause-at', '0.000000001')).code, 0);
    const { stdout, stderr } = await run('run', ...calls(2, 20));
    assert.match(stderr, /^headroom: paused: this month's budget of personal is used up/m);
    const { answered, statuses, message } = resultOf(stdout);
    assert.deepEqual({ answered, statuses }, { answered: 0, statuses: [402] });
    assert.match(message ?? '', /paused what is billed to personal.*headroom budget --pause-at/);
    await run('bill', 'org:acme');
    assert.equal(resultOf((await run('run', ...calls(2, 20))).stdout).answered, 2);
  });
});

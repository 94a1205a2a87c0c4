import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { StatusJson } from '../../src/cli/json/statusJson.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { admin } from './emulatorCalls.ts';
import { killAll } from './killAll.ts';
import { cliFile, filesWith, runCli, temporaryFolder } from './runCli.ts';
import { model, startCliGateway, until } from './runningGateway.ts';

describe('headroom gateway:', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  let folder: string;
  let clean: () => void;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    ({ folder, clean } = temporaryFolder());
  });
  afterEach(async () => {
    await killAll(children);
    await emulator.close();
    clean();
  });

  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    HOME: folder,
    USERPROFILE: folder,
    PATH: process.env.PATH ?? '',
    HEADROOM_STATE: path.join(folder, 'state'),
    HEADROOM_HUB_URL: emulator.hubUrl,
    HEADROOM_ROUTER_URL: emulator.routerUrl,
    HEADROOM_PROVIDER_URLS: JSON.stringify(emulator.providerUrls),
    HF_TOKEN: tokens.ada,
    ...more,
  });

  const start = (args: string[] = [], more: Record<string, string> = {}) =>
    startCliGateway(args, environment(more), children);

  const bill = (...args: string[]) =>
    runCli(['bill', ...args], { environment: environment({ GROQ_API_KEY: adaKey('groq') }), home: folder });

  const last = () => emulator.requests().findLast(({ path: url }) => url.includes('chat/completions'));

  it('--json prints one line; the key gives access; exit code 0', async () => {
    const gateway = await start();
    assert.match(gateway.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(gateway.key, /^hf_headroom_[\w-]{32}$/);
    const response = await gateway.chat();
    assert.equal(response.status, 200, await response.clone().text());
    assert.equal(last()?.headers.authorization, `Bearer ${tokens.ada}`);
    assert.equal(last()?.headers['x-hf-bill-to'], undefined);
    assert.match(gateway.hub, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(gateway.hub, gateway.url);
    const headers = { authorization: `Bearer ${gateway.key}` };
    const whoami = await fetch(`${gateway.hub}/api/whoami-v2`, { headers });
    assert.equal(((await whoami.json()) as { name: string }).name, 'ada');
    const stranger = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: 'Bearer wrong' } });
    assert.equal(stranger.status, 401);
    assert.equal(await gateway.end(), 0);
    const [, ...stderr] = gateway.output().trim().split('\n');
    assert.equal(stderr.length, 1, gateway.output());
    assert.match(stderr[0] ?? '', /^headroom: Servers other than Hugging Face's: Hub http:\/\/127\.0\.0\.1:/);
  });

  it('prices are loaded for requests that cost money, once for three gateways', async () => {
    const lists = () => emulator.requests().filter(({ path: url }) => url === '/v1/models').length;
    const gateways = [await start(), await start(), await start()];
    for (const { url, key } of gateways) {
      const headers = { authorization: `Bearer ${key}` };
      assert.equal((await fetch(`${url}/hub/api/models?limit=1`, { headers })).status, 200);
    }
    assert.equal(lists(), 0);
    for (const gateway of gateways) {
      assert.equal((await gateway.chat({ model: `${model}:groq` })).status, 200);
      assert.equal(await gateway.end(), 0);
    }
    assert.equal(lists(), 1);
    const ledger = openLedger({ directory: path.join(folder, 'state'), now: Date.now });
    const paid = ledger.lastTallies(6).filter(({ costNanoUsd }) => costNanoUsd !== 0);
    ledger.close();
    assert.equal(paid.length, 3);
    for (const { costNanoUsd = 0 } of paid) assert.ok(costNanoUsd > 0);
  });

  it('bills the profile that headroom bill set, as soon as that has returned', async () => {
    const gateway = await start();
    for (const [who, billTo] of [
      ['org:acme', 'acme'],
      ['personal', undefined],
      ['org:acme', 'acme'],
    ] as const) {
      await bill(who);
      await (await gateway.chat()).text();
      assert.equal(last()?.headers['x-hf-bill-to'], billTo);
    }
    assert.equal(await gateway.end('SIGINT'), 0);
  });

  it('--failover: stand-ins are stored, and end when they are named no more', async () => {
    await admin(emulator, '/state', { users: { ada: { credits: { usedNanoUsd: 2_000_000_000 } } } });
    const keys = { GROQ_API_KEY: adaKey('groq') };
    const standIn = async () => {
      const { stdout } = await bill('--json');
      return (JSON.parse(stdout) as { standIn: { profile: unknown } | null }).standIn?.profile;
    };
    const gateway = await start(['--failover', 'org:acme,key:groq'], keys);
    const response = await gateway.chat();
    assert.equal(response.status, 200, await response.text());
    assert.equal(last()?.headers['x-hf-bill-to'], 'acme');
    assert.deepEqual(await standIn(), { kind: 'organization', name: 'acme' });
    assert.equal(await gateway.end(), 0);
    const again = await start(['--failover', 'key:groq'], keys);
    assert.equal(await standIn(), undefined);
    assert.equal((await again.chat()).status, 200);
    assert.equal(last()?.server, 'partners');
    assert.deepEqual(await standIn(), { kind: 'provider-key', provider: 'groq' });
    assert.equal(await again.end(), 0);
  });

  it('--failover with a missing key: names the variables, exit code 1', async () => {
    const { code, stdout, stderr } = await runCli(['gateway', '--failover', 'key:groq'], {
      environment: environment(),
      home: folder,
    });
    assert.equal(code, 1);
    assert.match(stdout, /^Servers other than Hugging Face's: .*\n$/);
    assert.match(stderr, /^headroom: there is no key of Groq\. Set GROQ_API_KEY or HEADROOM_KEY_GROQ to one/);
  });

  it('a provider key goes to the provider, with its id of the model', async () => {
    await bill('key:groq');
    const gateway = await start([], { GROQ_API_KEY: adaKey('groq') });
    const response = await gateway.chat();
    assert.equal(response.status, 200, await response.text());
    assert.equal(last()?.server, 'partners');
    assert.equal(last()?.headers.authorization, `Bearer ${adaKey('groq')}`);
    assert.ok(!JSON.stringify(last()).includes(tokens.ada));
    await gateway.end();
  });

  it('headroom status shows the windows that it learned: Hub, key, shared account', async () => {
    const key = { GROQ_API_KEY: adaKey('groq') };
    await admin(emulator, '/state', { live: { intervalMs: 100 } });
    // no gauges: only the gateway knows this bucket
    emulator.world.faults.push({ kind: 'status', path: '/api/settings/billing/usage/live', status: 500 });
    const gateway = await start([], key);
    const file = `${gateway.url}/hub/ada/bert-finetuned/resolve/main/config.json`;
    await fetch(file, { headers: { authorization: `Bearer ${gateway.key}` }, redirect: 'manual' });
    await (await gateway.chat({ model: `${model}:groq` })).text();
    await bill('key:groq');
    await (await gateway.chat()).text();
    assert.equal(last()?.server, 'partners');
    assert.equal(await gateway.end(), 0);

    const run = (...args: string[]) =>
      runCli(['status', ...args], {
        environment: environment({ HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl }),
        home: folder,
      });
    const status = JSON.parse((await run('--json')).stdout) as StatusJson;
    const resolvers = status.rateWindows?.find(({ bucket }) => bucket === 'resolvers');
    assert.deepEqual(
      { ...resolvers, resetsAt: typeof resolvers?.resetsAt },
      {
        bucket: 'resolvers',
        used: 11_991,
        remaining: 9,
        limit: 12_000,
        windowSeconds: 300,
        resetsAt: 'string',
        source: 'header',
      },
    );
    const learned = status.providerWindows.map(window => {
      const { provider, model: of, shared, limit, windowSeconds, resetsAt, asOf } = window;
      assert.ok(Date.parse(resetsAt ?? '') > Date.parse(asOf ?? ''));
      assert.equal(window.used, (limit ?? 0) - (window.remaining ?? 0));
      assert.ok(window.used > 0);
      return [provider, of, shared, window.window, limit, windowSeconds];
    });
    assert.deepEqual(learned, [
      ['groq', model, false, 'requests per day', 14_400, 86_400],
      ['groq', model, false, 'tokens per minute', 12_000, 60],
      ['groq', null, true, 'requests per day', 500_000, 86_400],
      ['groq', null, true, 'tokens per minute', 300_000, 60],
    ]);
    const { stdout: table } = await run();
    assert.match(
      table,
      /\nLimits of your groq key for openai\/gpt-oss-120b\n {2}requests per day {3}14,399 left/,
    );
    assert.match(table, /\nLimits of Hugging Face's account at groq, shared by all its users\n/);
  });

  it('a gateway key in place of a token is never sent, and its place is named', async () => {
    const { key } = await start();
    const gateway = await start([], { HF_TOKEN: key });
    const answer = await gateway.chat();
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /Headroom has no token of Hugging Face/);
    assert.match(
      gateway.output(),
      /^headroom: HF_TOKEN holds a key of Headroom's gateway, which is no token of Hugging Face/m,
    );
    const file = path.join(folder, 'token');
    fs.writeFileSync(file, tokens.ada);
    const other = await start([], { HF_TOKEN: key, HF_TOKEN_PATH: file });
    assert.equal((await other.chat()).status, 200);
    assert.equal(last()?.headers.authorization, `Bearer ${tokens.ada}`);
    fs.writeFileSync(file, key);
    while ((await other.chat()).status !== 401) await new Promise(resolve => setTimeout(resolve, 50));
    assert.ok(!JSON.stringify(emulator.requests()).includes('hf_headroom_'));
    for (const running of [gateway, other]) assert.equal(await running.end(), 0);
  });

  it('a new token in the file is used', async () => {
    const file = path.join(folder, 'token');
    const gateway = await start([], { HF_TOKEN: '', HF_TOKEN_PATH: file });
    assert.equal((await gateway.chat()).status, 401);
    fs.writeFileSync(file, tokens.ada);
    await until(gateway, () => last()?.headers.authorization === `Bearer ${tokens.ada}`);
    await gateway.end();
  });

  it('SIGTERM: requests in flight end, new ones are refused', async () => {
    const gateway = await start();
    emulator.world.faults.push({ kind: 'delay', delayMs: 700, server: 'router', path: '/v1/chat' });
    const under = gateway.chat();
    while (!last()) await new Promise(resolve => setTimeout(resolve, 10));
    const code = gateway.end();
    assert.equal((await under).status, 200);
    assert.equal(await code, 0);
    await assert.rejects(gateway.chat());
  });

  it('a ledger that can’t be written: says once what that means, and serves', async () => {
    const file = path.join(folder, 'a-file');
    fs.writeFileSync(file, '');
    const gateway = await start([], { HEADROOM_STATE: path.join(file, 'state') });
    for (let requests = 0; requests < 3; requests++) assert.equal((await gateway.chat()).status, 200);
    assert.equal(await gateway.end(), 0);
    const said = gateway.output().match(/^headroom: The ledger .*$/gm) ?? [];
    assert.equal(said.length, 1, gateway.output());
    assert.match(
      said[0] ?? '',
      /can't be (opened|written).*: check its .* The gateway serves all the same\. /,
    );
  });

  it('a taken port: says so, exit code 1', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as net.AddressInfo;
    const { code, stdout, stderr } = await runCli(['gateway', '--port', String(port), '--json'], {
      environment: environment(),
      home: folder,
    });
    other.close();
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, new RegExp(`^headroom: port ${port} is taken by another program\\. Choose`, 'm'));
  });

  it('without --json: prints variables to paste', async () => {
    const child = spawn(process.execPath, [cliFile, 'gateway'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let stdout = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      stdout += text;
      if (stdout.endsWith('It serves until Ctrl+C.\n')) child.kill('SIGTERM');
    }
    const [, url] = /listens at (\S+) and bills personal\./.exec(stdout) ?? [];
    assert.match(stdout, new RegExp(`\n {2}(export |\\$env:)OPENAI_BASE_URL ?= ?"?${url}/v1"?\n`));
    assert.match(stdout, /\n {2}(export |\$env:)HF_ENDPOINT ?= ?"?http:\/\/127\.0\.0\.1:\d+"?\n/);
    for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_AUTH_TOKEN']) assert.match(stdout, new RegExp(name));
  });

  it('an http URL of a provider: exit code 2', async () => {
    const { code, stderr } = await runCli(['gateway'], {
      environment: environment({ HEADROOM_PROVIDER_URLS: '{"groq":"http://groq.example"}' }),
      home: folder,
    });
    assert.equal(code, 2);
    assert.match(stderr, /^headroom: HEADROOM_PROVIDER_URLS\.groq must begin with https:\/\//);
  });

  it('token and keys are in no file, argument or output', async () => {
    await bill('key:groq');
    const gateway = await start([], { GROQ_API_KEY: adaKey('groq') });
    await (await gateway.chat()).text();
    await (await gateway.chat({ model: 'no/such-model' })).text();
    const argv = process.platform === 'linux' ? fs.readFileSync(`/proc/${gateway.pid}/cmdline`, 'utf8') : '';
    assert.equal(await gateway.end(), 0);
    const [, ...rest] = gateway.output().split('\n');
    for (const secret of [tokens.ada, adaKey('groq'), gateway.key]) {
      assert.deepEqual(filesWith(folder, secret), []);
      assert.ok(!argv.includes(secret));
      assert.ok(!rest.join('\n').includes(secret));
    }
    assert.ok(!gateway.output().includes(tokens.ada));
    assert.ok(!gateway.output().includes(adaKey('groq')));
  });

  it('--ipc without a channel: exit code 2', async () => {
    const { code, stderr } = await runCli(['gateway', '--ipc'], { environment: environment(), home: folder });
    assert.equal(code, 2);
    assert.match(stderr, /--ipc is for the editor/);
  });
});

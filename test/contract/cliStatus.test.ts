import assert from 'node:assert/strict';
import path from 'node:path';
import { fingerprint } from '../../src/account/fingerprint.ts';
import { PayerStore } from '../../src/billing/payerStore.ts';
import type { StatusJson } from '../../src/cli/json/statusJson.ts';
import { newGatewayKey } from '../../src/gateway/gatewayKey.ts';
import { huggingFaceServers } from '../../src/hub/servers.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import type { Fault } from '../emulator/faults.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { type CliRun, filesWith, runCli, temporaryFolder } from './runCli.ts';

interface World {
  readonly emulator: Emulator;
  readonly state: string;
  run(...args: string[]): Promise<CliRun>;
  json(): Promise<StatusJson>;
}

/** Runs `body` in a scenario with a quick live stream and an empty state folder. */
async function inScenario(
  scenario: string,
  body: (world: World) => Promise<void>,
  { faults = [], workspace }: { faults?: Fault[]; workspace?: string } = {},
) {
  const emulator = await startEmulator({ scenario, patch: { live: { intervalMs: 100 } } });
  emulator.world.faults.push(...faults);
  const { folder, clean } = temporaryFolder();
  const { hubUrl, endpointsUrl, token } = emulator;
  const environment = {
    HEADROOM_HUB_URL: hubUrl,
    HEADROOM_ENDPOINTS_URL: endpointsUrl,
    HEADROOM_STATE: path.join(folder, 'state'),
    ...(token !== null && { HF_TOKEN: token }),
    ...(workspace !== undefined && { HEADROOM_WORKSPACE: workspace }),
  };
  const run = (...args: string[]) => runCli(args, { environment, home: folder });
  const json = async () => {
    const { stdout, stderr } = await run('status', '--json');
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as StatusJson;
  };
  try {
    await body({ emulator, state: folder, run, json });
  } finally {
    clean();
    await emulator.close();
  }
}

/** Makes ada's values in the ledger ten minutes older. @returns the new age of the bill, epoch ms */
function age(directory: string, { hubUrl, endpointsUrl }: Emulator): number {
  const ledger = openLedger({ directory, now: Date.now });
  const account = fingerprint(tokens.ada, { ...huggingFaceServers, hubUrl, endpointsUrl });
  let billAt = 0;
  for (const [part, stored] of ledger.readParts(account)) {
    const asOf = (stored.asOf ?? 0) - 600_000;
    // drops the stream, whose parts have ages of their own: only the bill has the credits then
    ledger.writePart(account, part, part.endsWith('/live') ? {} : { ...stored, asOf });
    if (part.endsWith('/usage')) billAt = asOf;
  }
  ledger.close();
  return billAt;
}

const usagePath = '/api/settings/billing/usage-v2';

describe('headroom status:', function () {
  this.timeout(30_000);

  it('PRO account with organizations: all parts', () =>
    inScenario('pro', async ({ json }) => {
      const status = await json();
      assert.equal(status.account.plan, 'pro');
      assert.deepEqual(
        status.account.organizations?.map(({ name, canBill, reason }) => ({ name, canBill, reason })),
        [
          { name: 'acme', canBill: true, reason: null },
          { name: 'freebies', canBill: false, reason: 'free-plan' },
          { name: 'locked-down', canBill: false, reason: 'locked-out' },
        ],
      );
      assert.equal(status.credits.usedNanoUsd, 1_020_000_000);
      assert.equal(status.credits.remainingNanoUsd, 980_000_000);
      assert.equal(status.credits.limitNanoUsd, null);
      assert.equal(status.jobs.minutes, 31);
      assert.deepEqual(
        status.rateWindows?.map(({ bucket }) => bucket),
        ['api', 'media', 'pages', 'resolvers', 'search', 'sensitive'],
      );
      assert.deepEqual(
        status.rateWindows?.find(({ bucket }) => bucket === 'resolvers'),
        {
          bucket: 'resolvers',
          used: 11_990,
          remaining: 10,
          limit: 12_000,
          windowSeconds: null,
          resetsAt: null,
          source: 'gauge',
        },
      );
      const counted = status.endpoints?.map(({ name, countsTowardsQuota }) => [name, countsTowardsQuota]);
      assert.deepEqual(Object.fromEntries(counted ?? []), {
        'bert-prod': true,
        nightly: true,
        'old-one': false,
        'chat-eu': true,
        broken: null,
      });
      const l4 = status.hardwareQuotas?.find(({ id }) => id === 'aws-us-east-1-nvidia-l4-x1');
      assert.deepEqual(l4, {
        namespace: 'ada',
        id: 'aws-us-east-1-nvidia-l4-x1',
        used: 2,
        max: 2,
        usdPerHour: 0.8,
      });
      // namespaces without rights in Inference Endpoints, such as freebies, are no errors
      assert.deepEqual(status.errors, []);
    }));

  for (const [scenario, plan, included, limit] of [
    ['free', 'free', 100_000_000, 100_000_000],
    ['team', 'free', 100_000_000, 100_000_000],
    ['enterprise', 'free', 100_000_000, 100_000_000],
    ['org-admin', 'pro', 2_000_000_000, null],
    ['org-member', 'free', 100_000_000, 100_000_000],
  ] as const) {
    it(`scenario ${scenario}: plan and credits`, () =>
      inScenario(scenario, async ({ json }) => {
        const { account, credits } = await json();
        assert.equal(account.plan, plan);
        assert.equal(credits.includedNanoUsd, included);
        assert.equal(credits.limitNanoUsd, limit);
      }));
  }

  it('HEADROOM_WORKSPACE: shows the profile of that window', () =>
    inScenario(
      'pro',
      async ({ state, json, run }) => {
        const ledger = openLedger({ directory: path.join(state, 'state'), now: Date.now });
        new PayerStore(ledger).choose({ kind: 'provider-key', provider: 'groq' });
        new PayerStore(ledger, { workspace: 'w1' }).choose({ kind: 'organization', name: 'acme' });
        ledger.close();
        const { billing } = await json();
        assert.deepEqual(billing, { profile: { kind: 'organization', name: 'acme' }, standIn: null });
        assert.match(
          (await run('status')).stdout,
          /\nWho pays\n {2}org:acme {2}the organization acme pays\n/,
        );
      },
      { workspace: 'w1' },
    ));

  it("a member without the write role can't bill the organization", () =>
    inScenario('org-member', async ({ json }) => {
      const { account } = await json();
      assert.deepEqual(account.organizations, [
        { name: 'acme', plan: 'team', role: 'read', canBill: false, reason: 'no-write-role' },
      ]);
    }));

  it('without a token: nulls, the reason, exit code 1, no request', () =>
    inScenario('anonymous', async ({ emulator, run }) => {
      const { code, stdout, stderr } = await run('status', '--json');
      const status = JSON.parse(stdout) as StatusJson;
      assert.equal(status.account.name, null);
      assert.equal(status.credits.usedNanoUsd, null);
      assert.equal(status.endpoints, null);
      assert.match(stderr, /^headroom: No Hugging Face token was found\./m);
      assert.equal(code, 1);
      assert.deepEqual(emulator.requests(), []);
    }));

  it('a gateway key in place of a token, in capitals, too: names its place, no request', () =>
    inScenario('anonymous', async ({ emulator, state }) => {
      const { hubUrl, endpointsUrl } = emulator;
      const environment = { HEADROOM_HUB_URL: hubUrl, HEADROOM_ENDPOINTS_URL: endpointsUrl };
      const options = {
        environment: { ...environment, HF_TOKEN: newGatewayKey().toUpperCase() },
        home: state,
      };
      const { code, stdout, stderr } = await runCli(['status', '--json', '--state', state], options);
      const [first] = (JSON.parse(stdout) as StatusJson).errors;
      const message = /HF_TOKEN holds a key of Headroom's gateway, which is no token of Hugging Face/;
      for (const text of [stderr, first?.message ?? '']) assert.match(text, message);
      assert.deepEqual([code, first?.part], [1, 'account']);
      assert.deepEqual(emulator.requests(), []);
    }));

  it('an expired token: says so, exit code 1', () =>
    inScenario('expired-token', async ({ run }) => {
      const { code, stdout, stderr } = await run('status');
      assert.match(stderr, /Hugging Face rejected the token \(401: Invalid credentials/);
      assert.match(stdout, /^Servers other than Hugging Face's: .*\n$/);
      assert.equal(code, 1);
    }));

  it('a token without billing permission: shows the rest', () =>
    inScenario('no-billing-permission', async ({ run }) => {
      const { code, stdout } = await run('status', '--json');
      const status = JSON.parse(stdout) as StatusJson;
      assert.equal(status.account.name, 'ada');
      assert.equal(status.credits.usedNanoUsd, null);
      assert.equal(status.zeroGpu.totalSeconds, 2400);
      const credits = status.errors.find(({ part }) => part === 'credits');
      assert.match(credits?.message ?? '', /^The token may not read this \(403: /);
      assert.equal(code, 0);
    }));

  for (const fault of [
    { kind: 'status', status: 500 },
    { kind: 'html' },
    { kind: 'reset' },
    { kind: 'malformed-json' },
    { kind: 'half-body' },
    { kind: 'wrong-type', field: 'usage.jobs.usedMicroUsd', value: 'x' },
  ] as const) {
    it(`${fault.kind}: only its own part is missing`, () =>
      inScenario(
        'free',
        async ({ json }) => {
          const status = await json();
          assert.deepEqual(
            status.errors.map(({ part }) => part),
            ['credits'],
          );
          assert.equal(status.jobs.usedNanoUsd, 0);
          assert.equal(status.endpoints?.length, 0);
        },
        { faults: [{ ...fault, path: usagePath }] },
      ));
  }

  it('offline: the last values, with their age', () =>
    inScenario('pro', async ({ emulator, state, run }) => {
      await run('status', '--json');
      emulator.world.faults.push({ kind: 'reset' });
      const shownAt = age(path.join(state, 'state'), emulator);
      const { code, stdout } = await run('status', '--json');
      const status = JSON.parse(stdout) as StatusJson;
      assert.equal(status.account.name, 'ada');
      assert.equal(status.credits.usedNanoUsd, 1_020_000_000);
      assert.equal(status.credits.asOf, new Date(shownAt).toISOString());
      const error = status.errors.find(({ part }) => part === 'credits');
      assert.match(
        error?.message ?? '',
        /^The server can't be reached \(.+ The values shown are from .+Z\.$/,
      );
      assert.ok(error?.message.includes(new Date(shownAt).toISOString()));
      assert.equal(code, 0);
    }));

  it('whoami is read once for all runs, fresh values not at all', () =>
    inScenario('pro', async ({ emulator, run }) => {
      await run('status', '--json');
      const first = emulator.requests().length;
      const whoami = () => emulator.requests().filter(({ path: url }) => url === '/api/whoami-v2').length;
      assert.equal(whoami(), 1);
      await run('status', '--json');
      assert.equal(whoami(), 1);
      const again = emulator.requests().slice(first);
      // a namespace that can't be read has no fresh value
      assert.deepEqual(
        again.filter(({ path: url }) => !url.includes('freebies')),
        [],
      );
    }));

  it('another server is another account, with the same token and state', () =>
    inScenario('pro', async ({ state, json }) => {
      assert.equal((await json()).account.plan, 'pro');
      const other = await startEmulator({ scenario: 'team', patch: { live: { intervalMs: 100 } } });
      const { stdout } = await runCli(['status', '--json', '--state', path.join(state, 'state')], {
        environment: {
          HF_TOKEN: tokens.ada,
          HEADROOM_HUB_URL: other.hubUrl,
          HEADROOM_ENDPOINTS_URL: `${other.endpointsUrl}/v2/`,
        },
        home: state,
      });
      await other.close();
      assert.equal((JSON.parse(stdout) as StatusJson).account.plan, 'free');
    }));

  it('the token is in no file, output or path, only in the header', () =>
    inScenario('pro', async ({ emulator, state, run }) => {
      const runs = [await run('status', '--json'), await run('status')];
      for (const { stdout, stderr } of runs) assert.ok(!`${stdout}${stderr}`.includes(tokens.ada));
      assert.deepEqual(filesWith(state, tokens.ada), []);
      assert.ok(emulator.requests().length > 0);
      for (const request of emulator.requests()) assert.ok(!request.path.includes(tokens.ada));
    }));

  it('the table has at most 80 columns, and no colours in a pipe; the first line names the servers', () =>
    inScenario('pro', async ({ emulator, run }) => {
      const { code, stdout: output, stderr } = await run('status');
      assert.equal(code, 0);
      assert.equal(stderr, '');
      const { hubUrl, endpointsUrl } = emulator;
      const first = `Servers other than Hugging Face's: Hub ${hubUrl}, Inference Endpoints ${endpointsUrl}\n`;
      assert.ok(output.startsWith(first), output);
      const stdout = output.slice(first.length);
      assert.match(stdout, /^ada \(PRO\)\n/);
      assert.match(stdout, /\n {2}Left +\$0\.98 of \$2\.00 included, resets in /);
      assert.ok(!stdout.includes('\x1b'));
      for (const line of stdout.split('\n')) assert.ok([...line].length <= 80, line);
    }));

  it('Ctrl+C ends it with exit code 130', () =>
    inScenario(
      'pro',
      async ({ emulator, state }) => {
        const { code, stdout, stderr } = await runCli(['status'], {
          environment: { HF_TOKEN: tokens.ada, HEADROOM_HUB_URL: emulator.hubUrl, HEADROOM_STATE: state },
          home: state,
          onStart: async pid => {
            while (emulator.requests().length === 0) await new Promise(resolve => setTimeout(resolve, 20));
            process.kill(pid, 'SIGINT');
          },
        });
        const first = `Servers other than Hugging Face's: Hub ${emulator.hubUrl}\n`;
        assert.deepEqual({ code, stdout, stderr }, { code: 130, stdout: first, stderr: '' });
      },
      { faults: [{ kind: 'delay', delayMs: 20_000 }] },
    ));

  it('wrong usage: usage text, exit code 2', () =>
    inScenario('anonymous', async ({ run, state }) => {
      for (const args of [
        [],
        ['stats'],
        ['status', '--yaml'],
        ['status', 'now'],
        ['status', '--state', ''],
      ]) {
        const { code, stderr, stdout } = await run(...args);
        assert.equal(code, 2, args.join(' '));
        assert.match(stderr, /^headroom: .+\.\n\nUsage: headroom status/);
        assert.equal(stdout, '');
      }
      const { code, stderr } = await runCli(['status'], {
        environment: { HEADROOM_HUB_URL: 'http://hub.example.org' },
        home: state,
      });
      assert.equal(code, 2);
      assert.match(stderr, /^headroom: HEADROOM_HUB_URL must begin with https:\/\//);
    }));
});

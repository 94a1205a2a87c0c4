import assert from 'node:assert/strict';
import path from 'node:path';
import { formatProfile, personalProfile } from '../../src/billing/profile.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { startEmulator } from '../emulator/server.ts';
import { filesWith, runCli, temporaryFolder } from './runCli.ts';

const key = 'gsk_test_of_the_bill_command';

describe('headroom bill:', function () {
  this.timeout(30_000);
  let folder: string;
  let clean: () => void;
  beforeEach(() => {
    ({ folder, clean } = temporaryFolder());
  });
  afterEach(() => clean());

  const state = () => path.join(folder, 'state');
  const run = (args: string[], environment: Record<string, string> = {}) =>
    runCli(args, { environment: { HEADROOM_STATE: state(), ...environment }, home: folder });
  const bill = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(['bill', ...args, '--json']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    return JSON.parse(stdout) as unknown;
  };
  const switches = () => {
    const ledger = openLedger({ directory: state(), now: Date.now });
    const found = ledger
      .switchesWithin({ from: 0, until: Infinity }, 10)
      .map(({ workspace, from, to, reason }) => [workspace, from, to, reason]);
    ledger.close();
    return found;
  };

  it('shows personal, then the chosen profile, without network', async () => {
    const shown = (profile: unknown) => ({ profile, standIn: null, workspace: null });
    assert.deepEqual(await bill(), shown(personalProfile));
    const acme = { kind: 'organization', name: 'acme' };
    assert.deepEqual(await bill('org:acme'), shown(acme));
    assert.deepEqual(await bill(), shown(acme));
    const group = { kind: 'resource-group', organization: 'acme', id: '66aa' };
    assert.deepEqual(await bill('group:acme/66aa'), shown(group));
    assert.deepEqual(await bill('personal'), shown(personalProfile));
    assert.deepEqual(switches(), [
      [undefined, 'personal', 'org:acme', 'chosen'],
      [undefined, 'org:acme', 'group:acme/66aa', 'chosen'],
      [undefined, 'group:acme/66aa', 'personal', 'chosen'],
    ]);
  });

  it('HEADROOM_WORKSPACE: sets the profile of that window only', async () => {
    const window = { HEADROOM_WORKSPACE: '0123456789abcdef' };
    await run(['bill', 'org:acme'], window);
    assert.match(
      (await run(['bill'], window)).stdout,
      /^org:acme: the organization acme pays in this window\.\n$/,
    );
    assert.match((await run(['bill'])).stdout, /^personal: /);
    assert.deepEqual(switches(), [['0123456789abcdef', 'personal', 'org:acme', 'chosen']]);
  });

  it("key:PROVIDER finds the key in the SDK's variable or ours, and stores none", async () => {
    for (const variable of ['GROQ_API_KEY', 'HEADROOM_KEY_GROQ']) {
      const { code, stdout, stderr } = await run(['bill', 'key:groq', '--json'], { [variable]: key });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const { profile } = JSON.parse(stdout) as { profile: unknown };
      assert.deepEqual(profile, { kind: 'provider-key', provider: 'groq' });
      assert.ok(!stdout.includes(key));
    }
    assert.deepEqual(filesWith(folder, key), []);
  });

  it('without a key: names both variables, changes nothing, exit code 1', async () => {
    const gatewaysOwn: Record<string, string> = { GROQ_API_KEY: 'hf_headroom_the_gateways_own' };
    for (const environment of [{}, gatewaysOwn]) {
      const { code, stdout, stderr } = await run(['bill', 'key:groq'], environment);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /^headroom: there is no key of Groq\. Set GROQ_API_KEY or HEADROOM_KEY_GROQ to one/,
      );
    }
    assert.deepEqual(await bill(), { profile: personalProfile, standIn: null, workspace: null });
  });

  it('unknown providers, HF Inference and providers without chat', async () => {
    const none = await run(['bill', 'key:new-one']);
    assert.match(none.stderr, /there is no key of new-one\. Set HEADROOM_KEY_NEW_ONE to one/);
    const taken = await run(['bill', 'key:new-one'], { HEADROOM_KEY_NEW_ONE: key });
    assert.equal(taken.code, 0);
    const ours = await run(['bill', 'key:hf-inference'], { HEADROOM_KEY_HF_INFERENCE: key });
    assert.equal(ours.code, 1);
    const images = await run(['bill', 'key:fal-ai'], { FAL_KEY: key });
    assert.equal(images.code, 0);
    assert.match(images.stderr, /^headroom: fal has no chat route/);
  });

  it("warns about an organization that can't be billed, from the last whoami", async () => {
    const emulator = await startEmulator({ scenario: 'pro', patch: { live: { intervalMs: 50 } } });
    const environment = {
      HEADROOM_HUB_URL: emulator.hubUrl,
      HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl,
      HF_TOKEN: emulator.token ?? '',
    };
    await run(['status'], environment);
    await emulator.close();
    const warned = async (organization: string) => {
      const { code, stderr } = await run(['bill', `org:${organization}`], environment);
      assert.equal(code, 0);
      return stderr;
    };
    assert.equal(await warned('acme'), '');
    assert.match(await warned('freebies'), /freebies can't be billed: it is on the free plan/);
    assert.match(await warned('locked-down'), /locked-down can't be billed: it locks this token out/);
    assert.match(await warned('strangers'), /ada's token sees no organization strangers/);
    const { stdout } = await run(['bill', '--json'], environment);
    const { profile } = JSON.parse(stdout) as { profile: Parameters<typeof formatProfile>[0] };
    assert.equal(formatProfile(profile), 'org:strangers');
  });

  it('without a writable folder: says so, exit code 1', async () => {
    const { code, stderr } = await run(['bill', 'org:acme', '--state', '/proc/nowhere']);
    assert.equal(code, 1);
    assert.match(stderr, /this can't be stored/);
  });

  it('an invalid profile: usage, exit code 2', async () => {
    const { code, stderr } = await run(['bill', 'acme']);
    assert.equal(code, 2);
    assert.match(stderr, /not acme\.\n\nUsage: headroom status/);
  });
});

describe('headroom refusals:', function () {
  this.timeout(30_000);
  it('--since limits the list', async () => {
    const { folder, clean } = temporaryFolder();
    const ledger = openLedger({ directory: folder, now: Date.now });
    const refusal = (hoursAgo: number) => ({
      at: Date.now() - hoursAgo * 3_600_000,
      status: 429,
      cause: 'rate' as const,
      by: 'groq',
      message: 'slow down',
      source: 'gateway' as const,
      remedies: [],
    });
    ledger.recordRefusals([refusal(30), refusal(2)]);
    ledger.close();
    const run = (...args: string[]) =>
      runCli(['refusals', '--state', folder, ...args], { environment: {}, home: folder });
    const json = async (...args: string[]) =>
      (JSON.parse((await run('--json', ...args)).stdout) as { refusals: { by: string }[] }).refusals;
    assert.equal((await json()).length, 1);
    assert.equal((await json('--since', '2d')).length, 2);
    assert.deepEqual(await json('--since', '1h'), []);
    assert.match((await run()).stdout, /^2 h ago\s+429\s+rate\s+groq/);
    assert.match((await run('--since', '1h')).stdout, /^Nothing was refused in that time\.\n$/);
    clean();
  });
});

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { accountFingerprints } from '../../src/account/fingerprint.ts';
import { PayerStore, setEditorAccount } from '../../src/billing/payerStore.ts';
import { type BillingProfile, formatProfile } from '../../src/billing/profile.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { killAll } from './killAll.ts';
import { runCli, temporaryFolder } from './runCli.ts';
import { startCliGateway, until } from './runningGateway.ts';

describe('accounts that share the state of the command line:', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  let folder: string;
  let clean: () => void;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    emulator = await startEmulator({ scenario: 'pro', patch: { live: { intervalMs: 50 } } });
    ({ folder, clean } = temporaryFolder());
  });
  afterEach(async () => {
    await killAll(children);
    await emulator.close();
    clean();
  });

  const environment = (token: string | undefined): Record<string, string> => ({
    HOME: folder,
    USERPROFILE: folder,
    PATH: process.env.PATH ?? '',
    HEADROOM_STATE: path.join(folder, 'state'),
    HEADROOM_HUB_URL: emulator.hubUrl,
    HEADROOM_ROUTER_URL: emulator.routerUrl,
    HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl,
    ...(token !== undefined && { HF_TOKEN: token }),
  });
  const run = async (token: string | undefined, ...args: string[]) => {
    const { stdout, stderr } = await runCli([...args, '--json'], {
      environment: environment(token),
      home: folder,
    });
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as { profile: BillingProfile; billing: { profile: BillingProfile } };
  };
  const bill = async (token: string | undefined, ...args: string[]) =>
    formatProfile((await run(token, 'bill', ...args)).profile);
  const lastPayer = () => {
    const last = emulator.requests().findLast(({ path: url }) => url.includes('chat/completions'));
    return [last?.headers.authorization?.toString().slice('Bearer '.length), last?.headers['x-hf-bill-to']];
  };
  /** Token and organization of a request through a gateway that starts with this token. */
  const billedOf = async (token: string) => {
    const gateway = await startCliGateway([], environment(token), children);
    await (await gateway.chat()).text();
    assert.equal(await gateway.end(), 0);
    return lastPayer();
  };
  const withLedger = (use: (ledger: Ledger) => void) => {
    const ledger = openLedger({ directory: path.join(folder, 'state'), now: Date.now });
    use(ledger);
    ledger.close();
  };

  it("the organization that one chose never pays for the other's requests", async () => {
    assert.equal(await bill(tokens.ada, 'org:acme'), 'org:acme');
    assert.deepEqual(await billedOf(tokens.eve), [tokens.eve, undefined]);
    assert.equal(await bill(tokens.eve), 'personal');
    assert.deepEqual(await billedOf(tokens.ada), [tokens.ada, 'acme']);
    const status = await run(tokens.eve, 'status');
    assert.deepEqual(status.billing.profile, { kind: 'personal' });
  });

  it('another token of the same account keeps the choice', async () => {
    await bill(tokens.ada, 'org:acme');
    assert.deepEqual(await billedOf(tokens.ada), [tokens.ada, 'acme']);
    assert.deepEqual(await billedOf(tokens.adaFineGrained), [tokens.adaFineGrained, 'acme']);
    assert.equal(await bill(tokens.adaFineGrained), 'org:acme');
  });

  it('a token of which Hugging Face does not say whose it is pays itself', async () => {
    await bill(tokens.ada, 'org:acme');
    await billedOf(tokens.ada);
    emulator.world.faults.push({ kind: 'status', path: '/api/whoami-v2', status: 500 });
    assert.deepEqual(await billedOf(tokens.adaFineGrained), [tokens.adaFineGrained, undefined]);
    // known from before
    assert.deepEqual(await billedOf(tokens.ada), [tokens.ada, 'acme']);
  });

  it('a running gateway follows the token file to the choice of its account, and back', async () => {
    await bill(tokens.ada, 'org:acme');
    const file = path.join(folder, '.cache/huggingface/token');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, tokens.ada);
    const gateway = await startCliGateway([], environment(undefined), children);
    for (const [token, organization] of [
      [tokens.ada, 'acme'],
      [tokens.bob, undefined],
      [tokens.adaFineGrained, 'acme'],
    ] as const) {
      fs.writeFileSync(file, `${token}\n`);
      await until(gateway, () => lastPayer()[0] === token && lastPayer()[1] === organization);
    }
    const sent = emulator.requests().map(({ headers }) => [headers.authorization, headers['x-hf-bill-to']]);
    assert.ok(!sent.some(([token, payer]) => token === `Bearer ${tokens.bob}` && payer === 'acme'));
    assert.equal(await gateway.end(), 0);
  });

  it('asks whose token it is only where another payer may follow from it', async () => {
    const asked = () => emulator.requests().filter(({ path: url }) => url === '/api/whoami-v2').length;
    await billedOf(tokens.ada);
    assert.equal(asked(), 0);
    await bill(tokens.ada, 'org:acme');
    assert.equal(asked(), 0);
    await billedOf(tokens.ada);
    await billedOf(tokens.ada);
    assert.equal(asked(), 1);
  });

  it("in the editor's terminals: chooses for the editor's account, whatever token they have", async () => {
    const { hubUrl, endpointsUrl, routerUrl } = emulator;
    const eve = accountFingerprints(
      tokens.eve,
      { hubUrl, endpointsUrl, routerUrl },
      { name: 'eve', type: 'user' },
    );
    assert.ok(eve);
    withLedger(ledger => {
      setEditorAccount(ledger, eve);
      new PayerStore(ledger, { account: () => eve }).choose({ kind: 'organization', name: 'acme' });
    });
    assert.equal(await bill(tokens.bob), 'org:acme');
    assert.equal(await bill(undefined, 'key:groq').catch(() => 'no key'), 'no key');
    assert.equal(await bill(undefined, 'org:freebies'), 'org:freebies');
    withLedger(ledger =>
      assert.equal(
        formatProfile(new PayerStore(ledger, { account: () => eve }).payer.chosen),
        'org:freebies',
      ),
    );
    assert.deepEqual(await billedOf(tokens.bob), [tokens.bob, undefined]);
  });

  it('choices of versions without accounts go to the account that comes first', async () => {
    withLedger(ledger => ledger.setPreference('billing.profile', 'org:acme'));
    assert.equal(await bill(tokens.ada), 'org:acme');
    assert.deepEqual(await billedOf(tokens.bob), [tokens.bob, undefined]);
    assert.deepEqual(await billedOf(tokens.ada), [tokens.ada, 'acme']);
  });
});

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sessions } from '../../src/account/sessions.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { tokens } from '../emulator/scenarios.ts';
import { refusal } from '../unit/ledger/refusals.ts';
import { minute, SecretsInMemory, second, sessionOf, withAccount } from './accountSetup.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

class CountingSecrets extends SecretsInMemory {
  reads = 0;

  override async get(key: string): Promise<string | undefined> {
    this.reads += 1;
    return await super.get(key);
  }
}

describe('account: the reason without a session', () => {
  it('is a locked keyring, until it is unlocked', () =>
    withAccount({}, async setup => {
      const secrets = new SecretsInMemory();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const before = setup.open();
      await sessions(before.ledger).keep('ada', tokens.ada);
      secrets.failure = new Error('the keyring is locked');
      const window = await setup.started({ sessions });
      const problem = { kind: 'keyring', message: 'the keyring is locked' };
      const { session, sessionProblem } = window.snapshot;
      assert.deepEqual([session, sessionProblem], [undefined, problem]);
      secrets.failure = undefined;
      await setup.clock.advance(70 * second);
      assert.equal(window.snapshot.session?.label, 'ada');
      assert.equal(window.snapshot.sessionProblem, undefined);

      secrets.failure = new Error('the keyring is locked');
      await setup.clock.advance(2 * minute);
      assert.equal(window.snapshot.session?.label, 'ada', 'its token is in memory');
      assert.equal(window.snapshot.sessionProblem, undefined);
    }));

  it('is a missing token, within seconds, and no sign-out', () =>
    withAccount({}, async setup => {
      const path = join(setup.directory, 'token');
      const source = { kind: 'token-file', path } as const;
      writeFileSync(path, tokens.ada);
      const secrets = new SecretsInMemory();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const window = await setup.started({ sessions });
      assert.equal(window.snapshot.sessionProblem, undefined, 'no account was signed in');
      window.service.setAttention('watching');
      sessions(window.ledger).accept(source);
      await setup.clock.advance(3 * second);
      assert.equal(window.snapshot.session?.source.kind, 'token-file');
      rmSync(path);
      await setup.clock.advance(3 * second);
      assert.equal(window.snapshot.session, undefined);
      assert.deepEqual(window.snapshot.sessionProblem, { kind: 'token-gone', source });
      writeFileSync(path, tokens.ada);
      await setup.clock.advance(3 * second);
      assert.ok(window.snapshot.session);
      assert.equal(window.snapshot.sessionProblem, undefined);
      await sessions(window.ledger).signOut(window.snapshot.session);
      await setup.clock.advance(3 * second);
      assert.equal(window.snapshot.session, undefined);
      assert.equal(window.snapshot.sessionProblem, undefined);
    }));
});

describe('account: an idle window', () => {
  it('reads the keyring once a minute, also while it is watching', () =>
    withAccount({}, async setup => {
      const secrets = new CountingSecrets();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const window = await setup.started({ sessions });
      await sessions(window.ledger).keep('ada', tokens.ada);
      await setup.clock.advance(20 * second);
      assert.equal(window.snapshot.session?.label, 'ada');
      window.service.setAttention('watching');
      secrets.reads = 0;
      await setup.clock.advance(10 * minute);
      assert.ok(secrets.reads >= 9 && secrets.reads <= 11, String(secrets.reads));
    }));

  it("publishes another window's readings and refusals, but not its leases", () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      const other = setup.open();
      let drawn = 0;
      window.service.onDidChange(() => drawn++);
      await setup.clock.advance(11 * second);
      drawn = 0;
      other.ledger.acquireLease('any', 'other', setup.clock.now(), minute);
      await setup.clock.advance(11 * second);
      assert.equal(drawn, 0);
      other.ledger.recordRefusals([refusal({ at: setup.clock.now() })]);
      await setup.clock.advance(11 * second);
      assert.equal(drawn, 1);
      assert.equal(window.snapshot.refusals.length, 1);
      await setup.refresh(other);
      await setup.clock.advance(11 * second);
      assert.ok(drawn > 1);
      assert.equal(window.snapshot.credits.asOf, other.snapshot.credits.asOf);
    }));

  it('publishes its own writes at once', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      window.ledger.recordRefusals([refusal({ at: setup.clock.now() })]);
      assert.equal(window.snapshot.refusals.length, 0);
      window.service.showWritten();
      assert.equal(window.snapshot.refusals.length, 1);
    }));
});

describe('account: signing in to another account', () => {
  it("does not mix its rate windows with the shown account's", () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      const { headerWindows } = window.snapshot;
      assert.ok(headerWindows.length > 0);
      await setup.clock.advance(5 * second);
      await window.service.introduce(tokens.bob, AbortSignal.timeout(5_000));
      assert.equal(window.snapshot.session?.label, sessionOf(tokens.ada).summary.label);
      assert.deepEqual(window.snapshot.headerWindows, headerWindows);
    }));

  it('accepts a partly unreadable whoami, with the problem', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.fault({ kind: 'wrong-type', path: '/api/whoami-v2', field: 'isPro', value: 'yes' });
      const { name } = await window.service.introduce(tokens.bob, AbortSignal.timeout(5_000));
      assert.equal(name, 'bob');
      setup.session = sessionOf(tokens.bob, 'bob');
      await window.service.followSession();
      assert.equal(window.snapshot.account.value?.name, 'bob');
      assert.equal(window.snapshot.account.problem?.field, 'isPro');
    }));
});

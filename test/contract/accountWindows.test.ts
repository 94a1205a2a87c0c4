import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../../src/account/fingerprint.ts';
import { findHfTokens } from '../../src/account/hfTokens.ts';
import { Sessions } from '../../src/account/sessions.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { tokens } from '../emulator/scenarios.ts';
import { calls, hour, minute, SecretsInMemory, second, sessionOf, withAccount } from './accountSetup.ts';

/** The paths that were requested more than once. */
function twice(paths: readonly string[]): string[] {
  return paths.filter((path, index) => paths.indexOf(path) !== index);
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

describe('account in several windows', () => {
  it('windows that start together make each call once, and all show it', () =>
    withAccount({}, async setup => {
      const windows = await Promise.all([0, 1, 2, 3, 4].map(() => setup.started()));
      await setup.clock.advance(minute);
      assert.deepEqual(twice(setup.received()), []);
      assert.equal(setup.received().length, 12, 'with the requests of two endpoints');
      for (const { snapshot } of windows) {
        assert.equal(snapshot.account.value?.name, 'ada');
        assert.equal(snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
        assert.ok(snapshot.hardware.acme);
        assert.equal(snapshot.hardware.acme.problem, undefined);
        assert.ok(snapshot.headerWindows.some(({ bucket }) => bucket === 'api'));
      }
    }));

  it('windows that are refreshed together make each call once', () =>
    withAccount({}, async setup => {
      const [one, other] = [await setup.started(), await setup.started()];
      await setup.clock.advance(minute);
      setup.forgetRequests();
      setup.fault({ kind: 'delay', delayMs: 30 });
      await Promise.all([setup.refresh(one), setup.refresh(other)]);
      const now = setup.clock.now();
      assert.equal(setup.received().length, 9);
      assert.deepEqual(twice(setup.received()), []);
      for (const { snapshot } of [one, other]) assert.ok(now - (snapshot.jobs.asOf ?? 0) < second);
    }));

  it('a refresh during a round makes the calls that the round did not', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      await setup.clock.advance(minute);
      setup.forgetRequests();
      setup.clock.jump(10 * minute);
      setup.fault({ kind: 'delay', delayMs: 30 });
      const due = setup.clock.advance(20 * second);
      await setup.arrival(calls.usage);
      const refreshed = window.service.refresh();
      await due;
      await setup.clock.until(refreshed);
      assert.equal(setup.received().length, 9);
      assert.deepEqual(twice(setup.received()), []);
    }));

  it('a failed refresh is not repeated by a window that refreshed at the same time', () =>
    withAccount({}, async setup => {
      const [one, other] = [await setup.started(), await setup.started()];
      await setup.clock.advance(minute);
      setup.forgetRequests();
      setup.fault({ kind: 'status', status: 503, path: calls.jobs });
      setup.fault({ kind: 'delay', delayMs: 30, path: calls.usage });
      await Promise.all([setup.refresh(one), setup.refresh(other)]);
      assert.equal(setup.received(calls.jobs).length, 1);
      assert.equal(other.snapshot.jobs.problem?.status, 503);
    }));

  it('a window that is killed in its round delays the others for at most 30 s', () =>
    withAccount({}, async setup => {
      const killed = setup.open();
      const other = await setup.started();
      await setup.clock.advance(hour);
      const { ledger } = killed;
      const lease = `poll/${fingerprint(tokens.ada, setup.emulator)}`;
      assert.ok(ledger.acquireLease(lease, 'killed', setup.clock.now(), 30 * second));
      assert.equal(other.ledger.acquireLease(lease, 'other', setup.clock.now(), 30 * second), false);
      setup.forgetRequests();
      const before = setup.clock.now();
      await setup.refresh(other);
      assert.ok(setup.received().length >= 9);
      assert.ok(setup.clock.now() - before <= 20 * second, 'a person does not wait for it');
    }));

  it('a window that is closed in its round lets another poll at once', () =>
    withAccount({}, async setup => {
      const closing = setup.open();
      setup.fault({ kind: 'delay', delayMs: 200, path: calls.jobs });
      const running = closing.service.refresh();
      await setup.arrival(calls.jobs);
      closing.service.dispose();
      closing.ledger.close();
      setup.mend();
      const other = await setup.started();
      assert.equal(other.snapshot.jobs.value?.minutes, 31);
      await running;
    }));

  it("signing out deletes the account's readings", () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      const account = fingerprint(tokens.ada, setup.emulator);
      assert.ok(window.ledger.readParts(account).size > 0);

      await window.service.leave(async () => {
        setup.session = undefined;
      });

      assert.equal(window.snapshot.session, undefined);
      assert.equal(window.ledger.readParts(account).size, 0);
    }));

  it('sign-in and sign-out of one window reach the others', () =>
    withAccount({}, async setup => {
      const secrets = new SecretsInMemory();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const one = await setup.started({ sessions });
      const other = await setup.started({ sessions });
      assert.deepEqual(other.snapshot.account, {});
      const mine = sessions(one.ledger);
      const account = await one.service.introduce(tokens.ada, AbortSignal.timeout(5_000));
      await mine.keep(account.name, tokens.ada);
      await setup.clock.advance(20 * second);
      assert.equal(other.snapshot.session?.label, 'ada');
      assert.equal(other.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.equal(setup.received(calls.whoami).length, 1, 'the answer of the check is kept');

      await mine.keep('bob', tokens.bob);
      await setup.clock.advance(20 * second);
      assert.equal(other.snapshot.account.value?.name, 'bob');
      mine.activate('secret-storage:ada');
      await setup.clock.advance(20 * second);
      assert.equal(other.snapshot.account.value?.name, 'ada');
      assert.ok(other.snapshot.session);

      await mine.signOut(other.snapshot.session);
      await setup.clock.advance(20 * second);
      for (const { snapshot } of [one, other]) {
        assert.equal(snapshot.session, undefined);
        assert.deepEqual(snapshot.credits, {});
      }
      assert.doesNotMatch([...one.logged, ...other.logged].join('\n'), /hf_emulator/);
    }));

  it('a token file that `hf auth login` changes is read without a restart', () =>
    withAccount({}, async setup => {
      const file = join(setup.directory, 'hf', 'token');
      mkdirSync(join(setup.directory, 'hf'));
      writeFileSync(file, `${tokens.ada}\n`);
      const find = () => findHfTokens({ HF_TOKEN_PATH: file });
      const secrets = new SecretsInMemory();
      const window = await setup.started({
        sessions: ledger => new Sessions({ secrets, ledger, log, find }),
      });
      assert.equal(window.snapshot.session, undefined, 'found, but not taken');
      const mine = new Sessions({ secrets, ledger: window.ledger, log, find });
      const [offer] = mine.offers();
      assert.ok(offer);
      mine.accept(offer.source);
      await setup.clock.advance(11 * second);
      assert.equal(window.snapshot.account.value?.name, 'ada');
      writeFileSync(file, `${tokens.bob}\n`);
      await setup.clock.advance(11 * second);
      assert.equal(window.snapshot.account.value?.name, 'bob');
      writeFileSync(file, '');
      await setup.clock.advance(11 * second);
      assert.equal(window.snapshot.session, undefined);
    }));

  it('a secret store that fails for a while changes nothing, and is logged once', () =>
    withAccount({}, async setup => {
      const secrets = new SecretsInMemory();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const window = await setup.started({ sessions });
      await sessions(window.ledger).keep('ada', tokens.ada);
      await setup.clock.advance(20 * second);
      secrets.failure = new Error('the keyring is locked');
      await setup.clock.advance(5 * minute);
      assert.equal(window.snapshot.account.value?.name, 'ada');
      assert.equal(window.logged.filter(line => line.includes('the keyring is locked')).length, 1);
    }));
});

describe('account service', () => {
  it('follows a session that changes during a round, and keeps both accounts apart', () =>
    withAccount({}, async setup => {
      setup.fault({ kind: 'delay', delayMs: 50, count: 5 });
      const window = setup.open();
      const running = window.service.refresh();
      await setup.arrival(calls.jobs);
      setup.session = sessionOf(tokens.bob);
      await window.service.followSession();
      assert.deepEqual(window.snapshot.credits, {});
      await running;
      await setup.clock.settle();
      assert.deepEqual(window.snapshot.credits, {}, 'an answer for ada is none for bob');
      assert.deepEqual(setup.received('/v2'), [], 'no more calls for ada');
      assert.equal(window.snapshot.account.problem, undefined);
      await setup.refresh(window);
      assert.equal(window.snapshot.account.value?.name, 'bob');
      setup.session = sessionOf(tokens.ada);
      await window.service.followSession();
      assert.deepEqual([...window.service.problems], [], 'an ended round is no failure');
    }));

  it('takes the later of two looks at the session, also when it ends first', () =>
    withAccount({}, async setup => {
      const answers: ((token: string) => void)[] = [];
      const look = async () => {
        const token = await new Promise<string>(resolve => answers.push(resolve));
        return { session: sessionOf(token, token === tokens.bob ? 'bob' : 'ada') };
      };
      const window = setup.open({ sessions: () => ({ look, stamp: () => '' }) });
      const [early, late] = [window.service.followSession(), window.service.followSession()];
      answers[1]?.(tokens.bob);
      await late;
      answers[0]?.(tokens.ada);
      await early;
      assert.equal(window.snapshot.session?.label, 'bob');
    }));

  it('leaves no timer, call or problem when it is disposed during a round', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      await setup.clock.advance(minute);
      setup.clock.jump(hour);
      setup.fault({ kind: 'delay', delayMs: 10_000 });
      const shown = window.snapshot;
      const running = window.service.refresh();
      await setup.arrival('/v2/provider/acme');
      window.service.dispose();
      await running;
      assert.equal(setup.clock.timers, 0);
      await setup.clock.advance(hour);
      assert.equal(window.snapshot, shown);
      const other = setup.open();
      await other.service.followSession();
      assert.deepEqual([...other.service.problems], []);
      assert.equal(other.snapshot.credits.asOf, shown.credits.asOf);
    }));

  it('ends a cancelled refresh without a problem, and runs the next one', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      setup.fault({ kind: 'delay', delayMs: 10_000 });
      const cancel = new AbortController();
      const running = window.service.refresh({ signal: cancel.signal });
      await setup.arrival(calls.jobs);
      cancel.abort();
      await running;
      assert.deepEqual([...window.service.problems], []);
      setup.mend();
      await setup.refresh(window);
      assert.equal(window.snapshot.jobs.value?.minutes, 31);
    }));

  it('calls the other listeners when one throws', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      let drawn = 0;
      window.service.onDidChange(() => {
        throw new Error('no canvas');
      });
      window.service.onDidChange(() => drawn++);
      await setup.refresh(window);
      assert.ok(drawn > 5);
      assert.equal(window.snapshot.jobs.value?.minutes, 31);
      assert.match(window.logged.join('\n'), /no canvas/);
    }));

  it('reads the values of a damaged ledger again, and reports it', () =>
    withAccount({}, async setup => {
      const directory = join(setup.directory, 'damaged');
      mkdirSync(directory);
      writeFileSync(join(directory, 'ledger.db'), 'not a database, '.repeat(1_000));
      const window = await setup.started({ directory });
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.match(window.snapshot.ledgerProblem ?? '', /a new one was begun/);
    }));

  it("works in memory when the disk can't be written, and reports it", () =>
    withAccount({}, async setup => {
      const blocked = join(setup.directory, 'a-file');
      writeFileSync(blocked, '');
      chmodSync(blocked, 0o400);
      const window = await setup.started({ directory: join(blocked, 'state') });
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.equal(window.ledger.health.kind, 'memory');
      assert.ok(window.snapshot.ledgerProblem);
      await setup.clock.advance(hour);
      assert.ok(setup.clock.now() - (window.snapshot.credits.asOf ?? 0) < 12 * minute, 'it goes on');
      assert.ok(setup.received().length <= 10 + 40);
    }));

  it('loses no value when the ledger breaks while it runs', () =>
    withAccount({}, async setup => {
      const directory = join(setup.directory, 'state');
      const window = await setup.started({ directory });
      writeFileSync(join(directory, 'ledger.db'), 'overwritten '.repeat(5_000));
      await setup.clock.advance(hour);
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.ok(window.snapshot.hardware.acme);
      assert.equal(window.snapshot.hardware.acme.problem, undefined);
      assert.ok(window.snapshot.account.value);
    }));
});

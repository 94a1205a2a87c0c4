import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../../src/account/fingerprint.ts';
import { findHfTokens } from '../../src/account/hfTokens.ts';
import { Sessions } from '../../src/account/sessions.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { tokens } from '../emulator/scenarios.ts';
import { calls, hour, inWorld, minute, SecretsInMemory, second, sessionOf } from './accountWorld.ts';

/** The paths that were requested more than once. */
function twice(paths: readonly string[]): string[] {
  return paths.filter((path, index) => paths.indexOf(path) !== index);
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

describe('account in several windows', () => {
  it('windows that start together make each call once, and all show it', () =>
    inWorld({}, async world => {
      const windows = await Promise.all([0, 1, 2, 3, 4].map(() => world.started()));
      await world.clock.advance(minute);
      assert.deepEqual(twice(world.received()), []);
      assert.equal(world.received().length, 10);
      for (const { snapshot } of windows) {
        assert.equal(snapshot.account.value?.name, 'ada');
        assert.equal(snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
        assert.ok(snapshot.hardware.acme);
        assert.equal(snapshot.hardware.acme.problem, undefined);
        assert.ok(snapshot.headerWindows.some(({ bucket }) => bucket === 'api'));
      }
    }));

  it('windows that are refreshed together make each call once', () =>
    inWorld({}, async world => {
      const [one, other] = [await world.started(), await world.started()];
      await world.clock.advance(minute);
      world.forgetRequests();
      world.fault({ kind: 'delay', delayMs: 30 });
      await Promise.all([world.refresh(one), world.refresh(other)]);
      const now = world.clock.now();
      assert.equal(world.received().length, 9);
      assert.deepEqual(twice(world.received()), []);
      for (const { snapshot } of [one, other]) assert.ok(now - (snapshot.jobs.asOf ?? 0) < second);
    }));

  it('a refresh during a round makes the calls that the round did not', () =>
    inWorld({}, async world => {
      const window = await world.started();
      await world.clock.advance(minute);
      world.forgetRequests();
      world.clock.jump(10 * minute);
      world.fault({ kind: 'delay', delayMs: 30 });
      const due = world.clock.advance(20 * second);
      await world.arrival(calls.usage);
      const refreshed = window.service.refresh();
      await due;
      await world.clock.until(refreshed);
      assert.equal(world.received().length, 9);
      assert.deepEqual(twice(world.received()), []);
    }));

  it('a failed refresh is not repeated by a window that refreshed at the same time', () =>
    inWorld({}, async world => {
      const [one, other] = [await world.started(), await world.started()];
      await world.clock.advance(minute);
      world.forgetRequests();
      world.fault({ kind: 'status', status: 503, path: calls.jobs });
      world.fault({ kind: 'delay', delayMs: 30, path: calls.usage });
      await Promise.all([world.refresh(one), world.refresh(other)]);
      assert.equal(world.received(calls.jobs).length, 1);
      assert.equal(other.snapshot.jobs.problem?.status, 503);
    }));

  it('a window that is killed in its round delays the others for at most 30 s', () =>
    inWorld({}, async world => {
      const killed = world.open();
      const other = await world.started();
      await world.clock.advance(hour);
      const { ledger } = killed;
      const lease = `poll/${fingerprint(tokens.ada, world.emulator)}`;
      assert.ok(ledger.acquireLease(lease, 'killed', world.clock.now(), 30 * second));
      assert.equal(other.ledger.acquireLease(lease, 'other', world.clock.now(), 30 * second), false);
      world.forgetRequests();
      const before = world.clock.now();
      await world.refresh(other);
      assert.ok(world.received().length >= 9);
      assert.ok(world.clock.now() - before <= 20 * second, 'a person does not wait for it');
    }));

  it('a window that is closed in its round lets another poll at once', () =>
    inWorld({}, async world => {
      const closing = world.open();
      world.fault({ kind: 'delay', delayMs: 200, path: calls.jobs });
      const running = closing.service.refresh();
      await world.arrival(calls.jobs);
      closing.service.dispose();
      closing.ledger.close();
      world.mend();
      const other = await world.started();
      assert.equal(other.snapshot.jobs.value?.minutes, 31);
      await running;
    }));

  it("signing out deletes the account's readings", () =>
    inWorld({}, async world => {
      const window = await world.started();
      const account = fingerprint(tokens.ada, world.emulator);
      assert.ok(window.ledger.readParts(account).size > 0);

      await window.service.leave(async () => {
        world.session = undefined;
      });

      assert.equal(window.snapshot.session, undefined);
      assert.equal(window.ledger.readParts(account).size, 0);
    }));

  it('sign-in and sign-out of one window reach the others', () =>
    inWorld({}, async world => {
      const secrets = new SecretsInMemory();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const one = await world.started({ sessions });
      const other = await world.started({ sessions });
      assert.deepEqual(other.snapshot.account, {});
      const mine = sessions(one.ledger);
      const account = await one.service.introduce(tokens.ada, AbortSignal.timeout(5_000));
      await mine.keep(account.name, tokens.ada);
      await world.clock.advance(20 * second);
      assert.equal(other.snapshot.session?.label, 'ada');
      assert.equal(other.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.equal(world.received(calls.whoami).length, 1, 'the answer of the check is kept');

      await mine.keep('bob', tokens.bob);
      await world.clock.advance(20 * second);
      assert.equal(other.snapshot.account.value?.name, 'bob');
      mine.activate('secret-storage:ada');
      await world.clock.advance(20 * second);
      assert.equal(other.snapshot.account.value?.name, 'ada');
      assert.ok(other.snapshot.session);

      await mine.signOut(other.snapshot.session);
      await world.clock.advance(20 * second);
      for (const { snapshot } of [one, other]) {
        assert.equal(snapshot.session, undefined);
        assert.deepEqual(snapshot.credits, {});
      }
      assert.doesNotMatch([...one.logged, ...other.logged].join('\n'), /hf_emulator/);
    }));

  it('a token file that `hf auth login` changes is read without a restart', () =>
    inWorld({}, async world => {
      const file = join(world.directory, 'hf', 'token');
      mkdirSync(join(world.directory, 'hf'));
      writeFileSync(file, `${tokens.ada}\n`);
      const find = () => findHfTokens({ HF_TOKEN_PATH: file });
      const secrets = new SecretsInMemory();
      const window = await world.started({
        sessions: ledger => new Sessions({ secrets, ledger, log, find }),
      });
      assert.equal(window.snapshot.session, undefined, 'found, but not taken');
      const mine = new Sessions({ secrets, ledger: window.ledger, log, find });
      const [offer] = mine.offers();
      assert.ok(offer);
      mine.accept(offer.source);
      await world.clock.advance(11 * second);
      assert.equal(window.snapshot.account.value?.name, 'ada');
      writeFileSync(file, `${tokens.bob}\n`);
      await world.clock.advance(11 * second);
      assert.equal(window.snapshot.account.value?.name, 'bob');
      writeFileSync(file, '');
      await world.clock.advance(11 * second);
      assert.equal(window.snapshot.session, undefined);
    }));

  it('a secret store that fails for a while changes nothing, and is logged once', () =>
    inWorld({}, async world => {
      const secrets = new SecretsInMemory();
      const sessions = (ledger: Ledger) => new Sessions({ secrets, ledger, log, find: () => [] });
      const window = await world.started({ sessions });
      await sessions(window.ledger).keep('ada', tokens.ada);
      await world.clock.advance(20 * second);
      secrets.failure = new Error('the keyring is locked');
      await world.clock.advance(5 * minute);
      assert.equal(window.snapshot.account.value?.name, 'ada');
      assert.equal(window.logged.filter(line => line.includes('the keyring is locked')).length, 1);
    }));
});

describe('account service', () => {
  it('follows a session that changes during a round, and keeps both accounts apart', () =>
    inWorld({}, async world => {
      world.fault({ kind: 'delay', delayMs: 50, count: 5 });
      const window = world.open();
      const running = window.service.refresh();
      await world.arrival(calls.jobs);
      world.session = sessionOf(tokens.bob);
      await window.service.followSession();
      assert.deepEqual(window.snapshot.credits, {});
      await running;
      await world.clock.settle();
      assert.deepEqual(window.snapshot.credits, {}, 'an answer for ada is none for bob');
      assert.deepEqual(world.received('/v2'), [], 'no more calls for ada');
      assert.equal(window.snapshot.account.problem, undefined);
      await world.refresh(window);
      assert.equal(window.snapshot.account.value?.name, 'bob');
      world.session = sessionOf(tokens.ada);
      await window.service.followSession();
      assert.deepEqual([...window.service.problems], [], 'an ended round is no failure');
    }));

  it('takes the later of two looks at the session, also when it ends first', () =>
    inWorld({}, async world => {
      const answers: ((token: string) => void)[] = [];
      const look = async () => {
        const token = await new Promise<string>(resolve => answers.push(resolve));
        return { session: sessionOf(token, token === tokens.bob ? 'bob' : 'ada') };
      };
      const window = world.open({ sessions: () => ({ look, stamp: () => '' }) });
      const [early, late] = [window.service.followSession(), window.service.followSession()];
      answers[1]?.(tokens.bob);
      await late;
      answers[0]?.(tokens.ada);
      await early;
      assert.equal(window.snapshot.session?.label, 'bob');
    }));

  it('leaves no timer, call or problem when it is disposed during a round', () =>
    inWorld({}, async world => {
      const window = await world.started();
      await world.clock.advance(minute);
      world.clock.jump(hour);
      world.fault({ kind: 'delay', delayMs: 10_000 });
      const shown = window.snapshot;
      const running = window.service.refresh();
      await world.arrival('/v2/provider/acme');
      window.service.dispose();
      await running;
      assert.equal(world.clock.timers, 0);
      await world.clock.advance(hour);
      assert.equal(window.snapshot, shown);
      const other = world.open();
      await other.service.followSession();
      assert.deepEqual([...other.service.problems], []);
      assert.equal(other.snapshot.credits.asOf, shown.credits.asOf);
    }));

  it('ends a cancelled refresh without a problem, and runs the next one', () =>
    inWorld({}, async world => {
      const window = world.open();
      world.fault({ kind: 'delay', delayMs: 10_000 });
      const cancel = new AbortController();
      const running = window.service.refresh({ signal: cancel.signal });
      await world.arrival(calls.jobs);
      cancel.abort();
      await running;
      assert.deepEqual([...window.service.problems], []);
      world.mend();
      await world.refresh(window);
      assert.equal(window.snapshot.jobs.value?.minutes, 31);
    }));

  it('calls the other listeners when one throws', () =>
    inWorld({}, async world => {
      const window = world.open();
      let drawn = 0;
      window.service.onDidChange(() => {
        throw new Error('no canvas');
      });
      window.service.onDidChange(() => drawn++);
      await world.refresh(window);
      assert.ok(drawn > 5);
      assert.equal(window.snapshot.jobs.value?.minutes, 31);
      assert.match(window.logged.join('\n'), /no canvas/);
    }));

  it('reads the values of a damaged ledger again, and reports it', () =>
    inWorld({}, async world => {
      const directory = join(world.directory, 'damaged');
      mkdirSync(directory);
      writeFileSync(join(directory, 'ledger.db'), 'not a database, '.repeat(1_000));
      const window = await world.started({ directory });
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.match(window.snapshot.ledgerProblem ?? '', /a new one was begun/);
    }));

  it("works in memory when the disk can't be written, and reports it", () =>
    inWorld({}, async world => {
      const blocked = join(world.directory, 'a-file');
      writeFileSync(blocked, '');
      chmodSync(blocked, 0o400);
      const window = await world.started({ directory: join(blocked, 'state') });
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.equal(window.ledger.health.kind, 'memory');
      assert.ok(window.snapshot.ledgerProblem);
      await world.clock.advance(hour);
      assert.ok(world.clock.now() - (window.snapshot.credits.asOf ?? 0) < 12 * minute, 'it goes on');
      assert.ok(world.received().length <= 10 + 40);
    }));

  it('loses no value when the ledger breaks while it runs', () =>
    inWorld({}, async world => {
      const directory = join(world.directory, 'state');
      const window = await world.started({ directory });
      writeFileSync(join(directory, 'ledger.db'), 'overwritten '.repeat(5_000));
      await world.clock.advance(hour);
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.ok(window.snapshot.hardware.acme);
      assert.equal(window.snapshot.hardware.acme.problem, undefined);
      assert.ok(window.snapshot.account.value);
    }));
});

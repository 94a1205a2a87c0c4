import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { openMemoryLedger } from '../../../src/ledger/openLedger.ts';
import { sweepAgainMs, sweepChanges, sweepEveryMs, sweepRows } from '../../../src/ledger/retention.ts';
import {
  mostNoticePreferences,
  mostPartChars,
  mostParts,
  mostPreferences,
  mostSwitches,
} from '../../../src/limits/bounds.ts';
import { dayMs, hourMs, noon, refusal } from './refusals.ts';
import { billingSwitch, ever, tally } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

describe('ledger retention', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  it('keeps refusals for 90 days and balances for 62', () => {
    const ledger = temporary.open();
    const kept = refusal({ at: noon - 90 * dayMs });
    ledger.recordRefusals([refusal({ at: noon - 90 * dayMs - 1 }), kept]);
    ledger.recordBalance('a1', noon - 62 * dayMs - 1, 1);
    ledger.recordBalance('a1', noon - 62 * dayMs, 2);
    temporary.now += sweepEveryMs;
    ledger.setPreference('any', 'write');
    assert.deepEqual(ledger.lastRefusals(9), [], 'an hour later both are too old');
    temporary.now = noon;
    ledger.recordRefusals([kept]);
    assert.deepEqual(ledger.lastRefusals(9), [kept]);
    assert.deepEqual(ledger.balancesSince('a1', 0), []);
  });

  it('deletes a bounded number of refusals at a time and goes on soon', () => {
    const ledger = temporary.open();
    ledger.setPreference('any', 'write');
    const old = Array.from({ length: sweepRows + 1 }, (_, index) =>
      refusal({ at: noon - 400 * dayMs + index * hourMs }),
    );
    ledger.recordRefusals(old);
    assert.equal(ledger.lastRefusals(10_000).length, sweepRows + 1, 'not swept at each write');
    temporary.now += sweepEveryMs;
    ledger.setPreference('any', 'write');
    assert.equal(ledger.lastRefusals(10_000).length, 1);
    temporary.now += sweepAgainMs;
    ledger.setPreference('any', 'write');
    assert.equal(ledger.lastRefusals(10_000).length, 0);
  });

  for (const [where, open] of [
    ['on disk', () => temporary.open()],
    ['in memory', () => inMemory()],
  ] as const) {
    it(`keeps tallies for 30 days, their totals and billing switches for a year, ${where}`, () => {
      const ledger = open();
      ledger.setPreference('any', 'write');
      const month = noon - 30 * dayMs + sweepEveryMs;
      const year = noon - 366 * dayMs + sweepEveryMs;
      const kept = [tally({ at: month }), tally({ at: month + 1 })];
      const ages = [tally({ at: year - sweepEveryMs }), tally({ at: year }), tally({ at: month - 1 })];
      ledger.recordTallies([...ages, ...kept]);
      ledger.recordSwitch(billingSwitch({ at: year - 1 }));
      ledger.recordSwitch(billingSwitch({ at: year }));
      temporary.now += sweepEveryMs;
      ledger.setPreference('any', 'write');
      assert.deepEqual(ledger.lastTallies(9), kept.toReversed());
      assert.equal(ledger.tallyTotals(0)[0]?.requests, 4);
      assert.deepEqual(ledger.switchesWithin(ever, 9), [billingSwitch({ at: year })]);
    });
  }

  it('deletes a bounded number of tallies and their hours at a time', () => {
    const ledger = temporary.open();
    ledger.setPreference('any', 'write');
    const old = Array.from({ length: sweepRows + 1 }, (_, index) =>
      tally({ at: noon - 600 * dayMs + index * hourMs, model: `org/${index}` }),
    );
    ledger.recordTallies(old);
    temporary.now += sweepEveryMs;
    ledger.setPreference('any', 'write');
    assert.deepEqual([ledger.lastTallies(9).length, ledger.tallyTotals(0).length], [1, 1]);
    temporary.now += sweepAgainMs;
    ledger.setPreference('any', 'write');
    assert.deepEqual([ledger.lastTallies(9), ledger.tallyTotals(0)], [[], []]);
  });

  const inMemory = () => {
    mkdirSync(temporary.path, { recursive: true });
    return temporary.open();
  };
  for (const [where, open] of [
    ['on disk', () => temporary.open()],
    ['in memory', inMemory],
  ] as const) {
    it(`forgets an account whose newest part is older than 62 days, ${where}`, () => {
      const ledger = open();
      const old = noon - 62 * dayMs;
      ledger.setPreference('any', 'write');
      ledger.writePart('left', 'usage', { value: '1', asOf: old - 1 });
      ledger.writePart('left', 'jobs', { problem: '{}' });
      ledger.writePart('kept', 'usage', { value: '1', asOf: old - 1 });
      ledger.writePart('kept', 'jobs', { value: '2', asOf: old + sweepEveryMs });
      ledger.writePart('new', 'usage', { problem: '{}' });
      temporary.now += sweepEveryMs;
      ledger.setPreference('any', 'write');
      assert.deepEqual(
        ['left', 'kept', 'new'].map(account => ledger.readParts(account).size),
        [0, 2, 1],
      );
    });
  }

  it('forgets all parts of a large account', () => {
    const ledger = temporary.open();
    ledger.setPreference('any', 'write');
    for (let part = 0; part <= sweepRows; part++) {
      ledger.writePart(
        'left',
        `endpoints/${part}`,
        part === 0 ? { problem: '{}' } : { value: '1', asOf: part },
      );
    }
    temporary.now += sweepEveryMs;
    ledger.setPreference('any', 'write');
    assert.equal(ledger.readParts('left').size, 0);
  });

  it('bounds what workspaces, notices and accounts can vary, while it is written and without a wait', () => {
    const ledger = openMemoryLedger({ now: () => temporary.now });
    const profile = (index: number) => `billing.profile/w${index}`;
    ledger.setPreference('sessions.active', 'ada');
    for (let index = 0; index < mostPreferences + sweepChanges; index++) {
      temporary.now += 1;
      ledger.setPreference(profile(index), 'org:acme');
      if (index % 2 === 0) ledger.setPreference(`notice/blocked/${index}`, '1 2');
    }
    for (let index = 0; index <= mostSwitches + sweepChanges; index++) {
      ledger.recordSwitch(billingSwitch({ workspace: `w${index}` }));
    }
    for (let index = 0; index <= mostParts + sweepChanges; index++) {
      ledger.writePart(`account${index}`, 'usage', { value: '1', asOf: noon + index });
      ledger.acquireLease(`poll/${index}`, 'one', noon + index, 60_000);
    }
    const kept = (keys: string[]) => keys.filter(key => ledger.getPreference(key) !== undefined).length;
    const numbers = Array.from({ length: mostPreferences + sweepChanges }, (_, index) => index);
    assert.ok(kept(numbers.map(index => `notice/blocked/${index}`)) <= mostNoticePreferences);
    assert.ok(kept(numbers.map(profile)) <= mostPreferences);
    assert.equal(ledger.getPreference(profile(mostPreferences + sweepChanges - 1)), 'org:acme');
    assert.ok(kept(numbers.map(profile)) >= mostPreferences - 10, 'notices take no place of theirs');
    assert.equal(ledger.getPreference('sessions.active'), 'ada', 'a fixed one stays');
    assert.ok(ledger.switchesWithin(ever, 99_999).length <= mostSwitches + sweepChanges);
    const accounts = Array.from({ length: mostParts + sweepChanges + 1 }, (_, index) => `account${index}`);
    assert.ok(accounts.filter(each => ledger.readParts(each).size > 0).length <= mostParts + sweepChanges);
    assert.equal(ledger.readParts(accounts.at(-1) ?? '').size, 1);
  });

  it('cuts names, and stores no preference or reading that is too long', () => {
    const ledger = temporary.open();
    const long = 'x'.repeat(mostPartChars + 1);
    ledger.recordSwitch(billingSwitch({ workspace: long, from: long, to: long }));
    ledger.recordTallies([tally({ model: long, provider: long })]);
    ledger.setPreference('key', long);
    ledger.setPreference(long, 'value');
    ledger.writePart('a1', 'usage', { value: long, asOf: noon });
    assert.ok(JSON.stringify([ledger.switchesWithin(ever, 1), ledger.lastTallies(1)]).length < 2_000);
    assert.ok(JSON.stringify(ledger.tallyTotals(0)).length < 1_000);
    assert.deepEqual([ledger.getPreference('key'), ledger.getPreference(long)], [undefined, undefined]);
    assert.deepEqual(ledger.readPart('a1', 'usage'), { asOf: noon });
  });

  it('is done by one process an hour', async () => {
    const other = await temporary.sharing();
    await other.run({ do: 'record', refusals: [refusal()] });
    const ledger = temporary.open();
    ledger.recordRefusals([refusal({ at: noon - 100 * dayMs })]);
    assert.equal(ledger.lastRefusals(9).length, 2, 'the other one has swept this hour');
    await other.end();
    temporary.now += sweepEveryMs;
    ledger.setPreference('any', 'write');
    assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
  });
});

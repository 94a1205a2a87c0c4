import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { limitsKeptMs, sweepEveryMs } from '../../../src/ledger/retention.ts';
import type { LearnedLimit } from '../../../src/limits/pacing/learnedLimits.ts';
import { noon } from './refusals.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

/** A spent window of the Hub's API, as a gateway shares it. */
function learned(different: Partial<LearnedLimit> = {}): LearnedLimit {
  const window = { bucket: 'api', limit: 1000, remaining: 0, windowSeconds: 300, source: 'header' } as const;
  return {
    limit: '["0f3a","huggingface","api"]',
    gateway: 'one',
    at: noon,
    usedAt: noon - 10,
    windows: [{ ...window, resetsFrom: noon + 40_000, resetsAt: noon + 41_000, asOf: noon - 10 }],
    closed: [{ lane: 'commit', at: noon - 5, until: noon + 60_000 }],
    ...different,
  };
}

function sorted(limits: readonly LearnedLimit[]): LearnedLimit[] {
  return limits.toSorted((one, other) => (one.limit + one.gateway < other.limit + other.gateway ? -1 : 1));
}

describe('ledger: limits that gateways learned', () => {
  let temporary: TemporaryLedger;
  beforeEach(() => {
    temporary = new TemporaryLedger();
  });
  afterEach(() => temporary.clear());

  const inMemory = () => {
    mkdirSync(temporary.path, { recursive: true });
    return temporary.open();
  };
  for (const [where, open] of [
    ['on disk', (): Ledger => temporary.open()],
    ['in memory', inMemory],
  ] as const) {
    describe(where, () => {
      it("are each gateway's last report on each limit", () => {
        const ledger = open();
        const other = learned({ gateway: 'two', at: noon + 1, windows: [] });
        const pages = learned({ limit: '["0f3a","huggingface","pages"]' });
        ledger.shareLimits([learned(), pages]);
        ledger.shareLimits([other]);
        ledger.shareLimits([learned({ at: noon + 2, usedAt: noon + 2, closed: [] })]);
        assert.deepEqual(
          sorted(ledger.sharedLimits(0)),
          sorted([learned({ at: noon + 2, usedAt: noon + 2, closed: [] }), other, pages]),
        );
      });

      it('are listed from a time on', () => {
        const ledger = open();
        ledger.shareLimits([learned(), learned({ gateway: 'two', at: noon + 1_000 })]);
        assert.deepEqual(ledger.sharedLimits(noon + 1_000), [learned({ gateway: 'two', at: noon + 1_000 })]);
        assert.equal(ledger.sharedLimits(noon).length, 2);
      });

      it('are kept for an hour', () => {
        const ledger = open();
        ledger.setPreference('any', 'write');
        const oldest = noon + sweepEveryMs - limitsKeptMs;
        ledger.shareLimits([learned({ at: oldest - 1 }), learned({ gateway: 'two', at: oldest })]);
        temporary.now += sweepEveryMs;
        ledger.setPreference('any', 'write');
        assert.deepEqual(ledger.sharedLimits(0), [learned({ gateway: 'two', at: oldest })]);
      });

      it('write nothing when there are none', () => {
        const ledger = open();
        const version = ledger.dataVersion();
        ledger.shareLimits([]);
        assert.deepEqual([ledger.sharedLimits(0), ledger.dataVersion()], [[], version]);
      });
    });
  }

  it('reach another process, which sees another data version', async () => {
    const ledger = temporary.open();
    const other = await temporary.sharing();
    const version = ledger.dataVersion();
    await other.run({ do: 'shareLimits', learned: [learned({ gateway: 'two' })] });
    assert.notEqual(ledger.dataVersion(), version);
    assert.deepEqual(ledger.sharedLimits(0), [learned({ gateway: 'two' })]);
    const unchanged = ledger.dataVersion();
    ledger.shareLimits([learned()]);
    assert.equal(ledger.dataVersion(), unchanged, 'own writes do not change it');
    assert.deepEqual(
      sorted((await other.run({ do: 'sharedLimits', since: 0 })) as LearnedLimit[]),
      sorted([learned(), learned({ gateway: 'two' })]),
    );
  });

  it('are kept in memory when the disk is locked', async () => {
    const ledger = temporary.open();
    const other = await temporary.process();
    await other.run({ do: 'lockWrites', path: temporary.path });
    ledger.shareLimits([learned()]);
    assert.equal(ledger.health.kind, 'memory');
    assert.deepEqual(ledger.sharedLimits(0), [learned()]);
  });

  it('are 1,000 at most, the last written ones', () => {
    const ledger = temporary.open();
    let at = noon - 100_000;
    for (let batch = 0; batch < 100; batch += 1) {
      ledger.shareLimits(Array.from({ length: 1_000 }, () => learned({ limit: `l${at}`, at: at++ })));
    }
    const database = new DatabaseSync(temporary.path);
    const { rows, bytes } = database
      .prepare('SELECT COUNT(*) AS rows, SUM(length(learned)) AS bytes FROM learned_limits')
      .get() ?? { rows: 0, bytes: 0 };
    database.close();
    assert.equal(rows, 1_000);
    assert.ok(Number(bytes) < 500_000, `${bytes}`);
    const kept = ledger.sharedLimits(0).map(one => one.at);
    assert.deepEqual([Math.min(...kept), Math.max(...kept)], [noon - 1_000, noon - 1]);
  });

  it('that are dated ahead of the clock are not read, and deleted by the next writing', () => {
    const ledger = temporary.open();
    ledger.shareLimits([learned({ gateway: 'two', at: noon + 1e12 }), learned({ at: noon + 10_000 })]);
    assert.deepEqual(
      ledger.sharedLimits(0).map(({ gateway }) => gateway),
      ['one'],
    );
    temporary.now += 2e12;
    assert.equal(ledger.sharedLimits(0).length, 1, 'it is gone');
  });

  it('lose on reading what this version would not have learned', () => {
    const ledger = temporary.open();
    const [window] = learned().windows;
    assert.ok(window);
    const odd = {
      ...learned(),
      usedAt: noon + 1e12,
      secret: 'x',
      windows: [
        { ...window, resetsAt: noon + 1e9 },
        { ...window, bucket: 'b'.repeat(100) },
        { ...window, asOf: noon + 1 },
        { ...window, provider: '<script>', unit: 'apples', used: {} },
        ...Array(100).fill(window),
      ],
      closed: [
        { lane: 'weeks', at: noon, until: noon + 1e9 },
        { lane: 'l'.repeat(2_000), at: noon, until: noon + 1 },
        { lane: 'good', at: noon, until: noon + 1, by: 'gr oq' },
      ],
    };
    ledger.shareLimits([odd as unknown as LearnedLimit]);
    const [read, ...more] = ledger.sharedLimits(0);
    assert.deepEqual(more, []);
    const { remaining, resetsAt, resetsFrom, ...unknown } = window;
    assert.deepEqual(read, {
      ...learned(),
      usedAt: noon,
      windows: [unknown, window, ...Array(12).fill(window)],
      closed: [{ lane: 'good', at: noon, until: noon + 1 }],
    });
    ledger.shareLimits([{ ...learned(), limit: 'long', gateway: 'g'.repeat(40_000) }]);
    assert.equal(ledger.sharedLimits(0).length, 1, 'a row is 32 KiB at most');
  });

  it('are read although another version wrote rows in another form', () => {
    const ledger = temporary.open();
    ledger.shareLimits([learned()]);
    const database = new DatabaseSync(temporary.path);
    const insert = database.prepare('INSERT INTO learned_limits VALUES (?, ?, ?, ?)');
    for (const [at, text] of ['{', 'null', '{"limit":"x"}', '[]', '7'].entries()) {
      insert.run(`other ${at}`, 'three', noon, text);
    }
    database.close();
    assert.deepEqual(ledger.sharedLimits(0), [learned()]);
  });
});

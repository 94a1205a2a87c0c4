import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Budget, type BudgetScope, decide, readDecision } from '../../../../src/billing/budget.ts';
import type { GatewayEvent } from '../../../../src/gateway/options.ts';
import { type Reservation, Spending } from '../../../../src/gateway/upstream/spending.ts';
import { openMemoryLedger } from '../../../../src/ledger/openLedger.ts';

const now = Date.UTC(2026, 10, 10, 12);
const usd = (amount: number) => Math.round(amount * 1e9);
const unpriced = { prepare: () => undefined, costNanoUsd: () => undefined, mostNanoUsd: () => undefined };
const request = { model: 'acme/Model-7B', body: '' };

/** @param likely what a request may cost; undefined: no price is known */
function spending(
  budgets: readonly Budget[],
  { likely, spent = 0 }: { likely?: number; spent?: number } = {},
) {
  const events: GatewayEvent[] = [];
  const clock = { now };
  const ledger = openMemoryLedger({ now: () => clock.now });
  const record = (costNanoUsd: number | undefined, workspace?: string, payer = 'personal') => {
    const tally = { at: clock.now, status: 200, billedTo: payer, durationMs: 1, provider: 'novita' };
    ledger.recordTallies([
      { ...tally, ...(costNanoUsd !== undefined && { costNanoUsd }), ...(workspace && { workspace }) },
    ]);
  };
  if (spent > 0) record(spent);
  const prices = { ...unpriced, mostNanoUsd: () => likely };
  const own = new Spending(budgets, {
    ledger,
    prices,
    now: () => clock.now,
    onEvent: event => events.push(event),
  });
  return { own, events, clock, ledger, record, reserve: (payer = 'personal') => own.reserve(payer, request) };
}

/** The error's words; empty: it was not refused. */
function refusedBy(leave: ReturnType<Spending['reserve']>): string {
  return typeof leave === 'object' && 'status' in leave ? leave.message : '';
}

function isReserved(leave: ReturnType<Spending['reserve']>): leave is Reservation {
  return typeof leave === 'object' && 'settle' in leave;
}

describe('spending within budgets', () => {
  it('asks nothing of payers without a budget', () => {
    assert.equal(spending([]).reserve(), undefined);
    assert.equal(spending([{ payer: 'org:acme', pauseAtNanoUsd: 1 }]).reserve(), undefined);
  });

  it('counts what gateways recorded this month, and pauses from the budget on', () => {
    const budget = { payer: 'personal', pauseAtNanoUsd: usd(5) };
    assert.ok(isReserved(spending([budget], { spent: usd(4.99) }).reserve()));
    const { events, reserve } = spending([budget], { spent: usd(5) });
    const leave = reserve();
    assert.ok(leave && typeof leave === 'object' && 'status' in leave);
    assert.equal(leave.status, 402);
    assert.match(leave.message, /\$5\.00 of this month's \$5\.00/);
    reserve();
    assert.deepEqual(events, [{ kind: 'paused', ...budget, spentNanoUsd: usd(5) }]);
  });

  it("counts Hugging Face's own figure where it is higher, and what was settled since", () => {
    const { own, reserve } = spending([{ payer: 'personal', pauseAtNanoUsd: usd(5) }], { spent: usd(1) });
    own.balance('personal', { usedNanoUsd: usd(4.995), asOf: now });
    const leave = reserve();
    assert.ok(isReserved(leave));
    leave.settle(undefined);
    const next = reserve();
    assert.ok(next && typeof next === 'object' && 'status' in next);
  });

  it('forgets a figure of last month', () => {
    const { own, reserve } = spending([{ payer: 'personal', pauseAtNanoUsd: usd(5) }]);
    own.balance('personal', { usedNanoUsd: usd(9), asOf: Date.UTC(2026, 9, 31) });
    assert.ok(isReserved(reserve()));
  });

  it('forgets the figure of another account with its token', () => {
    const { own, reserve } = spending([{ payer: 'personal', pauseAtNanoUsd: usd(5) }]);
    own.balance('personal', { usedNanoUsd: usd(9), asOf: now });
    own.forgetBalances();
    assert.ok(isReserved(reserve()));
  });

  it('waits for requests in flight that may use up the rest', () => {
    const { reserve } = spending([{ pauseAtNanoUsd: usd(0.5) }], { likely: usd(0.3) });
    const first = reserve();
    assert.ok(isReserved(first));
    assert.equal(reserve('org:acme'), 'wait');
    first.settle(usd(0.05));
    assert.ok(isReserved(reserve('org:acme')));
  });

  it('takes a dear request for likely from then on', () => {
    const { reserve } = spending([{ pauseAtNanoUsd: usd(1) }], { likely: usd(0.01) });
    const first = reserve();
    assert.ok(isReserved(first));
    first.settle(usd(0.4));
    assert.ok(isReserved(reserve()));
    assert.equal(reserve(), 'wait');
  });

  describe("a folder's budget", () => {
    const here: BudgetScope = { payer: 'personal', workspace: 'w1' };
    const budget = { ...here, pauseAtNanoUsd: usd(1) };

    it('counts what gateways of the folder recorded for the payer, with the placeholder for unknown costs', () => {
      const { record, reserve, clock } = spending([budget]);
      record(usd(5), 'w2');
      record(usd(5), 'w1', 'org:acme');
      record(usd(5));
      record(usd(0.98), 'w1');
      record(undefined, 'w1');
      const last = reserve();
      assert.ok(isReserved(last));
      last.settle(0);
      record(undefined, 'w1');
      clock.now += 10_000;
      assert.match(
        refusedBy(reserve()),
        /billed to personal in this folder: \$1\.00 of this month's \$1\.00/,
      );
    });

    it("is not used up by Hugging Face's figure, which knows no folders", () => {
      const { own, reserve } = spending([budget]);
      own.balance('personal', { usedNanoUsd: usd(9), asOf: now });
      assert.ok(isReserved(reserve()));
    });

    it('pauses beside one for all folders, whichever is used up first', () => {
      const everywhere = { payer: 'personal', pauseAtNanoUsd: usd(2) };
      const folders = spending([everywhere, budget], { spent: usd(1.5) });
      assert.ok(isReserved(folders.reserve()));
      assert.match(refusedBy(spending([everywhere, budget], { spent: usd(2) }).reserve()), /personal: \$2/);
    });
  });

  describe('a budget that is used up', () => {
    const scope: BudgetScope = { payer: 'personal' };
    const budget = { ...scope, pauseAtNanoUsd: usd(5) };

    it('lets exactly one of many requests pass when a person continues once, at any number of gateways', () => {
      const { own, ledger, events } = spending([budget], { spent: usd(5) });
      const other = new Spending([budget], {
        ledger,
        prices: unpriced,
        now: () => now,
        onEvent: () => undefined,
      });
      decide(ledger, scope, { at: now, once: true });
      const leaves = Array.from({ length: 32 }, (_, index) =>
        (index % 2 === 0 ? other : own).reserve('personal', request),
      );
      assert.equal(leaves.filter(isReserved).length, 1);
      assert.equal(leaves.filter(leave => refusedBy(leave) !== '').length, 31);
      assert.deepEqual(readDecision(ledger, scope), { at: now });
      assert.equal(events.length, 1);
    });

    it('keeps the one request for the next when another budget refuses this one', () => {
      const folders = { ...scope, workspace: 'w1', pauseAtNanoUsd: usd(1) };
      const { ledger, record, reserve } = spending([budget, folders]);
      record(usd(5), 'w1');
      decide(ledger, scope, { at: now, once: true });
      assert.match(refusedBy(reserve()), /in this folder/);
      assert.equal(readDecision(ledger, scope)?.once, true);
    });

    it('lets all pass until the time that a person chose, and pauses again then', () => {
      const { ledger, reserve, clock } = spending([budget], { spent: usd(5) });
      decide(ledger, scope, { at: now, until: now + 60_000 });
      assert.ok(isReserved(reserve()));
      assert.ok(isReserved(reserve()));
      clock.now += 60_000;
      assert.match(refusedBy(reserve()), /Headroom paused/);
    });

    it('goes on without a decision once it is raised', () => {
      const { own, reserve } = spending([budget], { spent: usd(5) });
      assert.match(refusedBy(reserve()), /Headroom paused/);
      own.configure([{ ...budget, pauseAtNanoUsd: usd(6) }]);
      assert.ok(isReserved(reserve()));
    });
  });

  it('goes beyond a cap by the cost of one request at most, whatever ends first', () => {
    const most = usd(0.1);
    const cost = fc.integer({ min: 0, max: most });
    const step = fc.record({ settles: fc.boolean(), which: fc.nat(40), cost });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: usd(1) }), (steps, cap) => {
        const { reserve } = spending([{ pauseAtNanoUsd: cap }], { likely: most });
        const open: Reservation[] = [];
        let total = 0;
        for (const { settles, which, cost: paid } of steps) {
          const [one] = settles && open.length > 0 ? open.splice(which % open.length, 1) : [];
          if (one) {
            one.settle(paid);
            one.settle(paid);
            total += paid;
          } else {
            const leave = reserve();
            if (isReserved(leave)) open.push(leave);
          }
        }
        assert.ok(total + open.length * most <= cap + most);
      }),
    );
  });
});

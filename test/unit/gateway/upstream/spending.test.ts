import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Budget } from '../../../../src/billing/budget.ts';
import type { GatewayEvent } from '../../../../src/gateway/options.ts';
import { type Reservation, Spending } from '../../../../src/gateway/upstream/spending.ts';

const now = Date.UTC(2026, 10, 10, 12);
const usd = (amount: number) => Math.round(amount * 1e9);
const request = { model: 'acme/Model-7B', body: '' };

/** @param likely what a request may cost; undefined: no price is known */
function spending(
  budgets: readonly Budget[],
  { likely, spent = 0 }: { likely?: number; spent?: number } = {},
) {
  const events: GatewayEvent[] = [];
  const clock = { now };
  const total = { requests: 1, refused: 0, promptTokens: 0, completionTokens: 0, uncosted: 0 };
  const ledger = { tallyTotals: () => [{ ...total, billedTo: 'personal', costNanoUsd: spent }] };
  const prices = {
    prepare: () => undefined,
    costNanoUsd: () => undefined,
    mostNanoUsd: () => likely,
  };
  const own = new Spending(budgets, {
    ledger,
    prices,
    now: () => clock.now,
    onEvent: event => events.push(event),
  });
  return { own, events, clock, reserve: (payer = 'personal') => own.reserve(payer, request) };
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

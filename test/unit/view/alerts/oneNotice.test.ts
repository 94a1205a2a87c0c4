import assert from 'node:assert/strict';
import type { BillingProfile, Payer } from '../../../../src/billing/profile.ts';
import { budgetScopes } from '../../../../src/limits/refusals/ownBudget.ts';
import { newNotices } from '../../../../src/view/alerts/newNotices.ts';
import { newBudgetNotices } from '../../../../src/view/billing/budgetNoticesModel.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  hourMs,
  type InputChange,
  minuteMs,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';
import { aLedger, aWindowsMemory } from './aMemory.ts';

const me: BillingProfile = { kind: 'personal' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const research: BillingProfile = { kind: 'resource-group', organization: 'acme', id: '66f0c1' };

const ada = aSnapshot()
  .signedIn()
  .withAccount()
  .withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) });

/** What happens to the user's credits, one after the other. */
interface World {
  readonly spent?: boolean;
  /** Epoch ms. */
  readonly at?: number;
  readonly refused?: 'gateway' | 'terminal';
  readonly payer?: Payer;
}

const standIn: Payer = {
  chosen: me,
  standIn: { profile: acme, reason: 'credits', since: fixedNow },
};

function snapshotOf({ spent, refused, at = fixedNow }: World): SnapshotBuilder {
  const read = ada.withCredits({ usedNanoUsd: usd(spent ? 2 : 1.995) }, fixedNow - at);
  if (!refused) return read;
  const refusal = { at: at - secondMs, billedTo: 'personal', program: 'python train.py' };
  return read.withRefusals(
    creditsRefusal(
      refused === 'gateway'
        ? { ...refusal, source: 'gateway', program: undefined }
        : { ...refusal, source: 'terminal' },
    ),
  );
}

function aWindow(ledger = aLedger(), workspace = 'here') {
  const memory = aWindowsMemory(ledger);
  return (world: World, change: InputChange = {}) => {
    const input = viewInput(snapshotOf(world), { ...(world.payer && { payer: world.payer }), ...change });
    ledger.now = input.now;
    const told = newNotices(input, memory, { workspace, tellsBlocked: true, isQuiet: false });
    return [
      ...(told.standIn === undefined ? [] : [told.standIn]),
      ...told.blocked.map(({ message }) => message),
      ...told.alerts.map(({ state }) => state.sentence),
    ];
  };
}

const usedUp =
  'The included credits of November are used up ($2.00). Requests go on when you buy credits, or bill acme ($6.10 left).';
const failedOver = 'Your credits are used up. acme pays now ($6.10 left), until yours are back.';

describe('one event is one notice:', () => {
  const worlds = {
    'a 402 through the gateway': { refused: 'gateway' },
    'a 402 that a program prints': { refused: 'terminal' },
    'credits read as used up': { spent: true },
  } as const satisfies Record<string, World>;
  const names = Object.keys(worlds) as (keyof typeof worlds)[];

  for (const first of names) {
    for (const second of names) {
      it(`${first}, then ${second}`, () => {
        const see = aWindow();
        assert.deepEqual(see({}), []);
        const told = see(worlds[first]);
        const then = see({ ...worlds[first], ...worlds[second] });
        const together = [...told, ...then];
        assert.equal(together.length, 1, together.join('\n'));
        assert.ok(together[0]?.endsWith(usedUp), together[0]);
      });
    }

    it(`failover after ${first}`, () => {
      const see = aWindow();
      const failover = [acme];
      assert.deepEqual(see({}, { failover }), []);
      const told = [
        ...see(worlds[first], { failover }),
        ...see({ ...worlds[first], payer: standIn }, { failover }),
        ...see({ spent: true, refused: 'gateway', payer: standIn }, { failover }),
        ...see({ spent: true, refused: 'gateway', payer: standIn }, { failover, now: fixedNow + minuteMs }),
      ];
      assert.deepEqual(told, [failedOver]);
    });
  }

  it('failover is told by its own window, and nothing is by those of other folders', () => {
    const ledger = aLedger();
    const [here, elsewhere] = [aWindow(ledger), aWindow(ledger, 'elsewhere')];
    const failover = [acme];
    for (const see of [here, elsewhere]) see({}, { failover });
    const after = { spent: true, refused: 'gateway' } as const;
    const told = [
      ...elsewhere(after, { failover }),
      ...here({ ...after, payer: standIn }, { failover }),
      ...elsewhere(after, { failover, now: fixedNow + 25 * secondMs }),
      ...elsewhere(after, { failover, now: fixedNow + minuteMs }),
    ];
    assert.deepEqual(told, [failedOver]);
  });

  it('a refusal is told when no stand-in could pay', () => {
    const see = aWindow();
    const failover = [acme];
    see({}, { failover });
    assert.deepEqual(see({ refused: 'terminal' }, { failover }), []);
    assert.deepEqual(see({ refused: 'terminal' }, { failover, now: fixedNow + 25 * secondMs }), [
      `train.py is refused. ${usedUp}`,
    ]);
  });

  it('a program that is refused on another day has its notice', () => {
    const see = aWindow();
    see({});
    assert.equal(see({ spent: true }).length, 1);
    const later = fixedNow + 26 * hourMs;
    assert.deepEqual(see({ spent: true, refused: 'terminal', at: later }, { now: later }), [
      `train.py is refused. ${usedUp}`,
    ]);
  });

  it('a budget that pauses, which the gateway and the program tell of', () => {
    const memory = aWindowsMemory();
    const options = { tellsBlocked: true, isQuiet: false };
    const budget = { payer: 'personal', warnAtNanoUsd: usd(4), pauseAtNanoUsd: usd(5), uncosted: 0 };
    const at = (countedNanoUsd: number, snapshot = ada.withCredits()) =>
      viewInput(snapshot, { budgets: [{ ...budget, countedNanoUsd }] });
    const refusal = creditsRefusal({
      at: fixedNow - secondMs,
      cause: 'spending-limit',
      by: 'headroom',
      scope: budgetScopes.payer,
      billedTo: 'personal',
    });
    const sources = ['gateway', 'terminal'] as const;
    const paused = at(
      usd(5),
      ada.withCredits().withRefusals(...sources.map(source => ({ ...refusal, source }))),
    );
    assert.deepEqual(newNotices(at(usd(3)), memory, options).alerts, []);
    const { blocked, alerts } = newNotices(paused, memory, options);
    const told = newBudgetNotices(paused, memory.everywhere, () => paused);
    assert.deepEqual([blocked.length, alerts.length, told.length], [0, 0, 1]);
    assert.match(told[0]?.message ?? '', /^Headroom paused what you pay/);
  });

  it('a spending limit that is refused is told as the refusal', () => {
    const memory = aWindowsMemory();
    const refusal = creditsRefusal({
      at: fixedNow - secondMs,
      source: 'gateway',
      cause: 'spending-limit',
      billedTo: 'group:acme/66f0c1',
    });
    const input = viewInput(ada.withRefusals(refusal), { payer: { chosen: research } });
    const options = { tellsBlocked: true, isQuiet: false };
    const { blocked, alerts } = newNotices(input, memory, options);
    assert.equal(blocked.length, 1);
    assert.deepEqual(alerts, []);
    const again = newNotices(input, memory, options);
    assert.deepEqual([...again.blocked, ...again.alerts], []);
  });
});

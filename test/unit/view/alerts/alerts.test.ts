import assert from 'node:assert/strict';
import type { Payer } from '../../../../src/billing/profile.ts';
import { alerts } from '../../../../src/view/alerts/alerts.ts';
import { newNotices } from '../../../../src/view/alerts/newNotices.ts';
import { badgeModel } from '../../../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import {
  aSnapshot,
  creditsRefusal,
  evenSpend,
  fixedNow,
  hardware,
  type InputChange,
  minuteMs,
  type SnapshotBuilder,
  usd,
  viewInput,
} from '../builders.ts';
import { plainHover } from '../status/plainHover.ts';
import { aWindowsMemory } from './aMemory.ts';

const ada = aSnapshot().signedIn().withAccount();
const acme = { kind: 'organization', name: 'acme' } as const;
const research = { kind: 'resource-group', organization: 'acme', id: '66f0c1' } as const;
const billing = (chosen: Payer['chosen']): Payer => ({ chosen });
const levels = (snapshot: SnapshotBuilder, change: InputChange = {}) =>
  alerts(viewInput(snapshot, change)).map(({ id, level }) => `${id} ${level}`);

const spent = ada.withCredits({ usedNanoUsd: usd(2) });

describe('the list of alerts', () => {
  const cases: [name: string, SnapshotBuilder, InputChange, string[]][] = [
    ['nothing while all is well', ada.withCredits(), {}, []],
    [
      'credits of which a fifth is left',
      ada.withCredits({ usedNanoUsd: usd(1.6) }),
      {},
      ['credits:personal low'],
    ],
    ['credits that are used up', spent, {}, ['credits:personal gone']],
    [
      'credits that only a refusal tells of',
      ada.withCredits({ usedNanoUsd: usd(1.995) }).withRefusals(creditsRefusal()),
      {},
      ['credits:personal gone'],
    ],
    [
      'credits that are gone before the reset at this pace',
      ada.withCredits({ usedNanoUsd: usd(1.5) }).with({ spend: evenSpend(usd(1.5)) }),
      {},
      ['credits:personal forecast'],
    ],
    [
      'credits without what open requests may hold',
      ada.withCredits({ usedNanoUsd: usd(0.09), includedNanoUsd: usd(0.1) }).with({ heldNanoUsd: usd(0.08) }),
      {},
      [],
    ],
    [
      'an organization’s credits only while it pays',
      ada.withOrganizationCredits('acme', { usedNanoUsd: usd(9), includedNanoUsd: usd(10) }),
      { payer: billing(acme) },
      ['credits:org:acme low'],
    ],
    [
      'nobody else’s',
      ada.withOrganizationCredits('acme', { usedNanoUsd: usd(9), includedNanoUsd: usd(10) }),
      {},
      [],
    ],
    [
      'an organization’s spending limit',
      ada.withOrganizationCredits('acme', {
        usedNanoUsd: usd(45),
        includedNanoUsd: usd(10),
        limitNanoUsd: usd(50),
      }),
      { payer: billing(acme) },
      ['credits:org:acme gone', 'spending-limit:org:acme low'],
    ],
    [
      'a resource group’s spending limit, which only refusals tell of',
      ada.withRefusals(creditsRefusal({ cause: 'spending-limit', billedTo: 'group:acme/66f0c1' })),
      { payer: billing(research) },
      ['spending-limit:group:acme/66f0c1 gone'],
    ],
    [
      'no limit of a free account beside its credits',
      ada.withCredits({ usedNanoUsd: usd(0.1), includedNanoUsd: usd(0.1), limitNanoUsd: usd(0.1) }),
      {},
      ['credits:personal gone'],
    ],
    [
      'the user’s budget',
      ada.withCredits({ usedNanoUsd: usd(1.3) }),
      { budgetNanoUsd: usd(1.5) },
      ['budget:personal low'],
    ],
    ['ZeroGPU time', ada.withZeroGpu({ remainingSeconds: 0 }), {}, ['zero-gpu gone']],
    [
      'a full hardware quota',
      ada.withHardware('ada', hardware()),
      {},
      ['quota:ada:aws-us-east-1-nvidia-l4-x1 gone'],
    ],
    ['hardware that is not in use', ada.withHardware('ada', hardware({ used: 0, max: 0 })), {}, []],
    ['nothing of an earlier month', spent, { now: Date.UTC(2025, 11, 2) }, []],
    ['nothing while signed out', aSnapshot().withCredits({ usedNanoUsd: usd(2) }), {}, []],
  ];
  for (const [name, snapshot, change, expected] of cases) {
    it(`has ${name}`, () => assert.deepEqual(levels(snapshot, change), expected));
  }

  it('has a budget that pauses as paused, and its notice is another one', () => {
    const budget = { payer: 'personal', warnAtNanoUsd: usd(4), pauseAtNanoUsd: usd(5), uncosted: 0 };
    const at = (amount: number) =>
      alerts(viewInput(ada, { budgets: [{ ...budget, countedNanoUsd: usd(amount) }] }));
    assert.deepEqual(
      [3.5, 4.1, 5].map(amount => at(amount).map(({ sentence }) => sentence)),
      [
        ['Your budget: $0.50 of $4.00 are left until Dec 1.'],
        ['Your budget: the $4.00 of this month are used up. What is billed pauses at $5.00.'],
        ['Your budget: the $4.00 of this month are used up. What is billed pauses at $5.00.'],
      ],
    );
    const memory = aWindowsMemory();
    const told = [3, 3.5, 4.1, 5].map(amount => {
      const input = viewInput(ada, { budgets: [{ ...budget, countedNanoUsd: usd(amount) }] });
      return newNotices(input, memory, { tellsBlocked: true, isQuiet: false }).alerts.length;
    });
    assert.deepEqual(told, [0, 1, 1, 0]);
  });
});

describe('notice, badge and hover', () => {
  const look = (snapshot: SnapshotBuilder, change: InputChange = {}) => {
    const memory = aWindowsMemory();
    const options = { tellsBlocked: true, isQuiet: false };
    newNotices(viewInput(ada.withCredits().withZeroGpu(), change), memory, options);
    const input = viewInput(snapshot, change);
    return {
      notices: newNotices(input, memory, options).alerts.map(({ state }) => state.sentence),
      badge: badgeModel(input)?.tooltip,
      hover: plainHover(hoverMarkdown(input)),
    };
  };

  it('say the same of credits that are used up', () => {
    const { notices, badge, hover } = look(spent);
    const sentence =
      'The included credits of November are used up ($2.00). Requests go on when you buy credits, or bill acme.';
    assert.deepEqual(notices, [sentence]);
    assert.equal(badge, 'Credits used up');
    assert.ok(hover.includes(`$(warning) ${sentence}`));
    assert.equal(hover.match(/used up/g)?.length, 1);
  });

  it('say the same of ZeroGPU time', () => {
    const { notices, badge, hover } = look(ada.withCredits().withZeroGpu({ remainingSeconds: 0 }));
    assert.deepEqual(notices, ['Your ZeroGPU time is used up. It is full again at 18:20.']);
    assert.equal(badge, 'ZeroGPU time used up');
    assert.ok(hover.includes('$(warning) Your ZeroGPU time is used up. It is full again at 18:20.'));
  });

  it('of a limit that is muted are silent, and the hover goes on', () => {
    const { notices, badge, hover } = look(spent, { mutedLimits: ['credits:personal'] });
    assert.deepEqual(notices, []);
    assert.equal(badge, undefined);
    assert.match(hover, /used up/);
  });

  it('tell of failover in one sentence', () => {
    const payer: Payer = {
      chosen: { kind: 'personal' },
      standIn: { profile: acme, reason: 'credits', since: fixedNow },
    };
    const snapshot = spent
      .withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) })
      .withRefusals(creditsRefusal({ at: fixedNow - minuteMs, billedTo: 'personal', source: 'gateway' }));
    const { notices, hover } = look(snapshot, { payer });
    assert.deepEqual(notices, []);
    assert.ok(hover.includes('Your credits are used up. acme pays now ($6.10 left), until yours are back.'));
    assert.equal(hover.match(/used up/g)?.length, 1);
  });
});

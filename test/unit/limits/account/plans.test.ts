import assert from 'node:assert/strict';
import { planLabel, planOfOrganization, planOfUser } from '../../../../src/limits/account/plans.ts';
import { publishedWindowLimit } from '../../../../src/limits/account/publishedLimits.ts';

describe('plans', () => {
  it('of users come from isPro, and are unknown without it', () => {
    assert.equal(planOfUser({ isPro: true }), 'pro');
    assert.equal(planOfUser({ isPro: false }), 'free');
    assert.equal(planOfUser({}), 'unknown');
  });

  for (const [organization, plan] of [
    [{}, 'free'],
    [{ isEnterprise: true }, 'enterprise'],
    [{ isEnterprise: false }, 'free'],
    [{ plan: 'team' }, 'team'],
    [{ plan: 'Enterprise' }, 'enterprise'],
    [{ plan: 'enterprise-plus' }, 'enterprise-plus'],
    [{ plan: 'enterprise_plus', isEnterprise: true }, 'enterprise-plus'],
    [{ plan: 'academia' }, 'academia'],
    [{ plan: 'galactic' }, 'unknown'],
  ] as const) {
    it(`of an organization with ${JSON.stringify(organization)} are ${plan}`, () => {
      assert.equal(planOfOrganization(organization), plan);
    });
  }

  it("have HF's names", () => {
    assert.equal(planLabel('pro'), 'PRO');
    assert.equal(planLabel('enterprise-plus'), 'Enterprise Plus');
    assert.equal(planLabel('unknown'), undefined);
  });

  it('have HF’s published window limits, and none for other buckets', () => {
    assert.equal(publishedWindowLimit('anonymous', 'api'), 500);
    assert.equal(publishedWindowLimit('pro', 'resolvers'), 12_000);
    assert.equal(publishedWindowLimit('free', 'sensitive'), 50);
    assert.equal(publishedWindowLimit('pro', 'sensitive'), undefined);
    assert.equal(publishedWindowLimit('unknown', 'api'), undefined);
    assert.equal(publishedWindowLimit('free', 'toString'), undefined);
  });

  it('never allow less at a higher price', () => {
    const order = ['anonymous', 'free', 'pro', 'team', 'enterprise', 'enterprise-plus'] as const;
    for (const bucket of ['api', 'resolvers', 'pages']) {
      const limits = order.map(plan => publishedWindowLimit(plan, bucket) ?? Number.NaN);
      assert.deepEqual(
        limits,
        [...limits].sort((a, b) => a - b),
      );
    }
  });
});

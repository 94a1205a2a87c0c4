import assert from 'node:assert/strict';
import { parseWhoami } from '../../../src/hub/whoami.ts';
import { throwsHubError } from './hubErrors.ts';

const ada = {
  type: 'user',
  id: '650000000000000000000001',
  name: 'ada',
  fullname: 'Ada L',
  canPay: true,
  billingMode: 'prepaid',
  periodEnd: 1793491200,
  isPro: true,
  orgs: [
    {
      type: 'org',
      id: '650000000000000000000002',
      name: 'acme',
      canPay: true,
      plan: 'team',
      roleInOrg: 'write',
      securityRestrictions: ['sso'],
      resourceGroups: [{ id: 'g1', name: 'lab', role: 'read' }],
    },
  ],
  auth: {
    type: 'access_token',
    accessToken: {
      displayName: 'laptop',
      role: 'fineGrained',
      createdAt: '2026-05-01T10:00:00.000Z',
      fineGrained: {
        canReadGatedRepos: false,
        global: ['discussion.write'],
        scoped: [
          {
            entity: { _id: '650000000000000000000001', type: 'user', name: 'ada' },
            permissions: ['inference.serverless.write', 'user.billing.read'],
          },
        ],
      },
    },
    expiresAt: '2027-01-01T00:00:00.000Z',
  },
};

describe('whoami', () => {
  it('reads a user with organizations and the permissions of a fine-grained token', () => {
    const entity = { type: 'user', id: '650000000000000000000001', name: 'ada' };
    assert.deepEqual(parseWhoami(ada), {
      id: '650000000000000000000001',
      name: 'ada',
      type: 'user',
      plan: 'pro',
      canPay: true,
      billingMode: 'prepaid',
      organizations: [
        {
          id: '650000000000000000000002',
          name: 'acme',
          plan: 'team',
          role: 'write',
          canPay: true,
          securityRestrictions: ['sso'],
          resourceGroups: [{ id: 'g1', name: 'lab', role: 'read' }],
        },
      ],
      token: {
        displayName: 'laptop',
        role: 'fineGrained',
        permissions: [
          { name: 'discussion.write' },
          { name: 'inference.serverless.write', entity },
          { name: 'user.billing.read', entity },
        ],
        expiresAt: Date.UTC(2027, 0, 1),
      },
    });
  });

  it('leaves unknown what HF does not say', () => {
    assert.deepEqual(parseWhoami({ type: 'user', id: '1', name: 'ada', email: null, novelty: 1 }), {
      id: '1',
      name: 'ada',
      type: 'user',
      plan: 'unknown',
      canPay: undefined,
      billingMode: undefined,
      organizations: [],
      token: { displayName: undefined, role: 'other', permissions: [], expiresAt: undefined },
    });
  });

  const plans: [object, string][] = [
    [{}, 'free'],
    [{ isEnterprise: true }, 'enterprise'],
    [{ plan: 'team' }, 'team'],
    [{ plan: 'Enterprise Plus' }, 'enterprise-plus'],
    [{ plan: 'enterprise_plus' }, 'enterprise-plus'],
    [{ plan: 'academia' }, 'academia'],
    [{ plan: 'galactic' }, 'unknown'],
  ];
  for (const [fields, plan] of plans) {
    it(`reads the plan of an organization from ${JSON.stringify(fields)}: ${plan}`, () => {
      const account = parseWhoami({ ...ada, orgs: [{ id: '2', name: 'acme', ...fields }] });
      assert.equal(account.organizations[0]?.plan, plan);
    });
  }

  it('reads isPro false as the free plan, and an organization and an app as accounts', () => {
    assert.equal(parseWhoami({ ...ada, isPro: false }).plan, 'free');
    assert.equal(parseWhoami({ type: 'org', id: '2', name: 'acme', plan: 'team' }).plan, 'team');
    assert.equal(parseWhoami({ type: 'app', id: '3', name: 'bot' }).plan, 'unknown');
  });

  it('ignores a role and a billing mode that HF may add', () => {
    const account = parseWhoami({
      ...ada,
      billingMode: 'barter',
      orgs: [{ ...ada.orgs[0], roleInOrg: 'owner' }],
    });
    assert.equal(account.billingMode, undefined);
    assert.equal(account.organizations[0]?.role, undefined);
  });

  const malformed: [object, string][] = [
    [{ name: 5 }, 'name'],
    [{ id: undefined }, 'id'],
    [{ type: 'robot' }, 'type'],
    [{ isPro: 'yes' }, 'isPro'],
    [{ orgs: {} }, 'orgs'],
    [{ orgs: [{ id: '2' }] }, 'orgs.0.name'],
    [{ auth: { expiresAt: 'soon' } }, 'auth.expiresAt'],
  ];
  for (const [fields, field] of malformed) {
    it(`names the field that changed: ${field}`, () => {
      throwsHubError(() => parseWhoami({ ...ada, ...fields }), 'format-changed', field);
    });
  }

  it('names the whole body when it is no object', () => {
    throwsHubError(() => parseWhoami('ada'), 'format-changed', 'the whole body');
  });
});

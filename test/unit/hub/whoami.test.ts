import assert from 'node:assert/strict';
import { parseWhoami } from '../../../src/hub/whoami.ts';
import type { Account } from '../../../src/limits/account/account.ts';
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

/** The account of a response without problems. */
function known(answer: object): Account {
  const { account, problems } = parseWhoami(answer);
  assert.deepEqual(problems, []);
  return account;
}

describe('whoami', () => {
  it('reads a user with organizations and the permissions of a fine-grained token', () => {
    const entity = { type: 'user', id: '650000000000000000000001', name: 'ada' };
    assert.deepEqual(known(ada), {
      id: '650000000000000000000001',
      name: 'ada',
      type: 'user',
      plan: 'pro',
      canPay: true,
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
        role: 'fineGrained',
        permissions: [
          { name: 'discussion.write' },
          { name: 'inference.serverless.write', entity },
          { name: 'user.billing.read', entity },
        ],
      },
    });
  });

  it('leaves missing fields undefined', () => {
    assert.deepEqual(known({ type: 'user', id: '1', name: 'ada', email: null, novelty: 1 }), {
      id: '1',
      name: 'ada',
      type: 'user',
      plan: 'unknown',
      canPay: undefined,
      organizations: [],
      token: { role: 'other', permissions: [] },
    });
  });

  const plans: [object, string][] = [
    [{}, 'free'],
    [{ isEnterprise: true }, 'enterprise'],
    [{ plan: 'team' }, 'team'],
    [{ plan: 'Enterprise Plus' }, 'enterprise-plus'],
    [{ plan: 'enterprise_plus' }, 'enterprise-plus'],
    [{ plan: 'academia' }, 'academia'],
    [{ plan: 'academiaHub' }, 'academia'],
    [{ plan: 'enterprisePlus' }, 'enterprise-plus'],
    [{ plan: 'galactic' }, 'unknown'],
  ];
  for (const [fields, plan] of plans) {
    it(`reads the plan of an organization from ${JSON.stringify(fields)}: ${plan}`, () => {
      const account = known({ ...ada, orgs: [{ id: '2', name: 'acme', ...fields }] });
      assert.equal(account.organizations[0]?.plan, plan);
    });
  }

  it('reads isPro false as the free plan, and an organization and an app as accounts', () => {
    assert.equal(known({ ...ada, isPro: false }).plan, 'free');
    assert.equal(known({ type: 'org', id: '2', name: 'acme', plan: 'team' }).plan, 'team');
    assert.equal(known({ type: 'app', id: '3', name: 'bot' }).plan, 'unknown');
  });

  it('leaves a new role undefined', () => {
    const account = known({ ...ada, orgs: [{ ...ada.orgs[0], roleInOrg: 'owner' }] });
    assert.equal(account.organizations[0]?.role, undefined);
  });

  for (const [fields, field] of [
    [{ name: 5 }, 'name'],
    [{ name: undefined }, 'name'],
    [{ id: 5 }, 'id'],
  ] as const) {
    it(`names a missing or malformed identity field: ${field} ${JSON.stringify(fields)}`, () => {
      throwsHubError(() => parseWhoami({ ...ada, ...fields }), 'format-changed', field);
    });
  }

  it("needs no id of the account, of an organization or of a permission's entity", () => {
    const account = known({
      ...ada,
      id: undefined,
      orgs: [{ name: 'acme' }],
      auth: { accessToken: { fineGrained: { scoped: [{ entity: { type: 'user' }, permissions: ['p'] }] } } },
    });
    assert.equal(account.id, undefined);
    assert.equal(account.organizations[0]?.name, 'acme');
    assert.deepEqual(account.token.permissions, [
      { name: 'p', entity: { type: 'user', id: undefined, name: undefined } },
    ]);
  });

  it('reads an account of a new type as a user', () => {
    for (const type of ['robot', undefined, 5]) assert.equal(known({ ...ada, type }).type, 'user');
  });

  const [acme] = ada.orgs;
  const unreadable: [what: string, fields: object, fieldPaths: string[], organizations: string[]][] = [
    ['isPro', { isPro: 'yes' }, ['isPro'], ['acme']],
    ['canPay', { canPay: 1 }, ['canPay'], ['acme']],
    ['a list that is none', { orgs: {} }, ['orgs'], []],
    ['an organization without a name', { orgs: [{ id: '2' }, acme, 7] }, ['orgs.0.name', 'orgs.2'], ['acme']],
    [
      'a resource group',
      { orgs: [{ ...acme, resourceGroups: [{ id: 'g' }] }] },
      ['orgs.0.resourceGroups.0.name'],
      ['acme'],
    ],
    [
      'restrictions',
      { orgs: [{ ...acme, securityRestrictions: 'sso' }] },
      ['orgs.0.securityRestrictions'],
      ['acme'],
    ],
    ['auth', { auth: 'token' }, ['auth'], ['acme']],
  ];
  for (const [what, fields, paths, organizations] of unreadable) {
    it(`keeps the readable fields, and names the unreadable one: ${what}`, () => {
      const { account, problems } = parseWhoami({ ...ada, ...fields });
      assert.deepEqual(
        problems.map(({ kind, details }) => [kind, details.field]),
        paths.map(path => ['format-changed', path]),
      );
      assert.deepEqual(
        account.organizations.map(({ name }) => name),
        organizations,
      );
      assert.equal(account.name, 'ada');
    });
  }

  it('leaves out only the unreadable scope', () => {
    const { scoped } = ada.auth.accessToken.fineGrained;
    const fineGrained = { global: ['discussion.write', 5], scoped: [{ entity: 'ada' }, ...scoped] };
    const { account, problems } = parseWhoami({ ...ada, auth: { accessToken: { fineGrained } } });
    assert.deepEqual(
      account.token.permissions.map(({ name }) => name),
      ['discussion.write', 'inference.serverless.write', 'user.billing.read'],
    );
    assert.deepEqual(
      problems.map(({ details }) => details.field),
      ['auth.accessToken.fineGrained.scoped.0.entity', 'auth.accessToken.fineGrained.global.1'],
    );
  });

  it('reads a malformed plan as unknown, not as free', () => {
    for (const fields of [{ plan: 5 }, { isEnterprise: 'yes' }]) {
      const { account } = parseWhoami({ ...ada, orgs: [{ name: 'acme', ...fields }] });
      assert.equal(account.organizations[0]?.plan, 'unknown');
    }
    assert.equal(parseWhoami({ ...ada, isPro: 'yes' }).account.plan, 'unknown');
  });

  it('names the whole body when it is not an object', () => {
    throwsHubError(() => parseWhoami('ada'), 'format-changed', 'the whole body');
  });
});

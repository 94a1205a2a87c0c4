import assert from 'node:assert/strict';
import type { OrganizationRole, TokenInfo, TokenPermission } from '../../../../src/limits/account/account.ts';
import { mayChangeEndpoints, missingPermissions } from '../../../../src/limits/account/tokenPermissions.ts';
import { account, organization } from '../../view/builders.ts';

const ada = { type: 'user', id: '1', name: 'ada' };
const acme = { type: 'org', id: '2', name: 'acme' };

function missing(role: TokenInfo['role'], permissions: TokenPermission[] = []): string[] {
  const account = { id: '1', name: 'ada', token: { role, permissions } };
  return missingPermissions(account).map(({ permission, lostFeature }) => `${permission} (${lostFeature})`);
}

const billing = 'user.billing.read (billing)';
const inference = 'inference.serverless.write (inference)';
const endpoints = 'inference.endpoints.write (endpoints)';

describe('missing permissions', () => {
  it('are none for classic and OAuth tokens', () => {
    for (const role of ['read', 'write', 'other'] as const) assert.deepEqual(missing(role), []);
  });

  it('are all of them for a fine-grained token without any', () => {
    assert.deepEqual(missing('fineGrained'), [billing, inference, endpoints]);
  });

  it('are not those granted under the user or under global', () => {
    assert.deepEqual(
      missing('fineGrained', [
        { name: 'user.billing.read', entity: ada },
        { name: 'inference.serverless.write' },
      ]),
      [endpoints],
    );
  });

  it('are not covered by those for another entity', () => {
    assert.deepEqual(
      missing('fineGrained', [
        { name: 'inference.serverless.write', entity: acme },
        { name: 'inference.endpoints.write', entity: { ...acme, name: 'ada' } },
        { name: 'user.billing.read', entity: { type: 'user', id: 'x', name: 'ada' } },
      ]),
      [inference, endpoints],
    );
  });

  it('are not covered by those for an entity without a name and id', () => {
    const token = {
      role: 'fineGrained' as const,
      permissions: [{ name: 'user.billing.read', entity: { type: 'org' } }],
    };
    assert.equal(missingPermissions({ name: 'ada', token }).length, 3);
  });

  it('are covered by those for the account’s name, of a kind that HF may add', () => {
    const entity = { type: 'user', name: 'ada' };
    const permissions = ['inference.serverless.write', 'inference.endpoints.write', 'user.billing.read'].map(
      name => ({ name, entity }),
    );
    const app = account({ type: 'app', id: undefined, token: { role: 'fineGrained', permissions } });
    assert.deepEqual(missingPermissions(app), []);
  });

  it('are not covered by the permission to call an endpoint', () => {
    assert.ok(
      missing('fineGrained', [{ name: 'inference.endpoints.infer.write', entity: ada }]).includes(endpoints),
    );
  });
});

describe('changing the endpoints of a namespace', () => {
  const may = (
    namespace: string,
    role: TokenInfo['role'],
    permissions: TokenPermission[] = [],
    member: OrganizationRole | undefined = 'write',
  ) => {
    const organizations = [organization('acme', { id: '2', role: member })];
    return mayChangeEndpoints(account({ id: '1', organizations, token: { role, permissions } }), namespace);
  };

  it('takes a token that writes', () => {
    for (const namespace of ['ada', 'acme']) {
      assert.ok(may(namespace, 'write'));
      assert.ok(may(namespace, 'other'));
      assert.ok(!may(namespace, 'read'));
    }
  });

  it('takes the permission for that namespace, if the token is fine-grained', () => {
    const name = 'inference.endpoints.write';
    assert.ok(may('acme', 'fineGrained', [{ name }]));
    assert.ok(may('acme', 'fineGrained', [{ name, entity: acme }]));
    assert.ok(may('ada', 'fineGrained', [{ name, entity: ada }]));
    assert.ok(!may('ada', 'fineGrained', [{ name, entity: acme }]));
    assert.ok(!may('acme', 'fineGrained', [{ name, entity: ada }]));
    assert.ok(!may('acme', 'fineGrained', [{ name: 'inference.endpoints.infer.write', entity: acme }]));
  });

  it('takes a member who writes, in an organization', () => {
    assert.ok(may('acme', 'write', [], 'admin'));
    for (const role of ['read', 'contributor', 'no_access'] as const) {
      assert.ok(!may('acme', 'write', [], role), role);
      assert.ok(may('ada', 'write', [], role));
    }
  });
});

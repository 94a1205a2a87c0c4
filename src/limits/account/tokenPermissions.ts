import type { Account, TokenInfo } from './account.ts';

/** Permissions of fine-grained tokens, as whoami-v2 and the new-token page spell them. */
export type TokenPermissionName =
  | 'user.billing.read'
  | 'inference.serverless.write'
  | 'inference.endpoints.write';

/** The part of Headroom that needs the permission. */
export type LostFeature = 'billing' | 'inference' | 'endpoints';

export interface MissingPermission {
  readonly permission: TokenPermissionName;
  readonly lostFeature: LostFeature;
}

/** To read the bill and to send requests: pre-selected on the new-token page. */
export const neededPermissions: readonly MissingPermission[] = [
  { permission: 'user.billing.read', lostFeature: 'billing' },
  { permission: 'inference.serverless.write', lostFeature: 'inference' },
];

/**
 * Not pre-selected until the user starts or stops an endpoint: the only permission that lists Inference Endpoints
 * also starts, stops and deletes them.
 */
export const endpointsPermission: MissingPermission = {
  permission: 'inference.endpoints.write',
  lostFeature: 'endpoints',
};

/**
 * Permissions that the token lacks for its own account. Classic read and write tokens have all; whoami does
 * not name the scopes of OAuth tokens, so they are taken to lack none.
 */
export function missingPermissions(account: Pick<Account, 'id' | 'name' | 'token'>): MissingPermission[] {
  if (account.token.role !== 'fineGrained') return [];
  return [...neededPermissions, endpointsPermission].filter(
    ({ permission }) => !isGranted(account.token, { ...account, type: 'user' }, permission),
  );
}

/** Whether the token may pause, resume and scale the namespace's endpoints, as far as whoami tells. */
export function mayChangeEndpoints(account: Account, namespace: string): boolean {
  const { token } = account;
  const organization = account.organizations.find(({ name }) => name === namespace);
  const role = organization?.role ?? 'write';
  if (token.role === 'read' || (role !== 'write' && role !== 'admin')) return false;
  const owner = organization ? { type: 'org', ...organization } : { ...account, type: 'user' };
  return token.role !== 'fineGrained' || isGranted(token, owner, endpointsPermission.permission);
}

/** HF lists a permission under `global` or under its entity, often only under the latter. */
function isGranted(
  token: TokenInfo,
  { type, id, name }: { readonly type: string; readonly id?: string; readonly name: string },
  wanted: TokenPermissionName,
): boolean {
  return token.permissions.some(({ name: granted, entity }) => {
    if (granted !== wanted) return false;
    if (entity === undefined || (entity.type === type && entity.name === name)) return true;
    return entity.id !== undefined && entity.id === id;
  });
}

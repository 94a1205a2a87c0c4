import type { Account } from './account.ts';

/** The names of permissions of fine-grained tokens, as whoami-v2 and the new-token page spell them. */
export type TokenPermissionName =
  | 'user.billing.read'
  | 'inference.serverless.write'
  | 'inference.endpoints.write';

/** What does not work without the permission. */
export type LostFeature = 'billing' | 'inference' | 'endpoints';

export interface MissingPermission {
  readonly permission: TokenPermissionName;
  readonly lostFeature: LostFeature;
}

/** What Headroom needs to read the bill and to send requests: pre-selected on the new-token page. */
export const neededPermissions: readonly MissingPermission[] = [
  { permission: 'user.billing.read', lostFeature: 'billing' },
  { permission: 'inference.serverless.write', lostFeature: 'inference' },
];

/**
 * Listing Inference Endpoints has no permission of its own: only the one that also starts, stops and deletes
 * them. So it is never pre-selected, and whoever wants the list adds it knowingly.
 */
export const endpointsPermission: MissingPermission = {
  permission: 'inference.endpoints.write',
  lostFeature: 'endpoints',
};

/**
 * What the account's token can't do for the account itself. Classic read and write tokens may all of it; of
 * OAuth tokens whoami does not tell the scopes, so nothing is claimed about them.
 */
export function missingPermissions(account: Pick<Account, 'id' | 'name' | 'token'>): MissingPermission[] {
  if (account.token.role !== 'fineGrained') return [];
  return [...neededPermissions, endpointsPermission].filter(
    ({ permission }) => !isGranted(account, permission),
  );
}

/** HF lists a permission either under `global` or under the entity that it is for: often only the latter. */
function isGranted(
  { id, name, token }: Pick<Account, 'id' | 'name' | 'token'>,
  wanted: TokenPermissionName,
): boolean {
  return token.permissions.some(({ name: granted, entity }) => {
    if (granted !== wanted) return false;
    if (entity === undefined || (entity.type === 'user' && entity.name === name)) return true;
    return entity.id !== undefined && entity.id === id;
  });
}

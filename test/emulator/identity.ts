import type { Org, Role, State, Tier, Token, User } from './state.ts';

/** Who asks: nobody, somebody with a token that is not valid (any more), a user or an organization. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'user'; readonly name: string; readonly user: User; readonly token: Token }
  | { readonly kind: 'org'; readonly name: string; readonly org: Org; readonly token: Token };

export type UserIdentity = Extract<Identity, { kind: 'user' }>;

export const invalidCredentials = 'Invalid credentials in Authorization header';

/** @param authorization the header as received; the Messages API's `x-api-key` is given as a bearer token */
export function identify(state: State, authorization: string | undefined, now: number): Identity {
  if (authorization === undefined) return { kind: 'anonymous' };
  const value = /^Bearer (\S+)$/.exec(authorization)?.[1];
  const token = value === undefined ? undefined : state.tokens[value];
  if (!token || (token.expiresAt !== undefined && token.expiresAt <= now)) return { kind: 'invalid' };
  const name = token.owner;
  const user = state.users[name];
  if (user) return { kind: 'user', name, user, token };
  const org = state.orgs[name];
  return org ? { kind: 'org', name, org, token } : { kind: 'invalid' };
}

/** Whether the token may do this to the entity (a user or an organization, by name). */
export function permits(token: Token, entity: string, permission: string): boolean {
  if (token.role !== 'fineGrained') return true;
  const scoped = token.scoped?.find(scope => scope.entity === entity);
  return Boolean(token.global?.includes(permission) || scoped?.permissions.includes(permission));
}

export function roleIn(org: Org, name: string): Role | undefined {
  const role = org.members[name]?.role;
  return role === 'no_access' ? undefined : role;
}

/** Organizations that the token can see: a fine-grained one sees those that it is scoped to. */
export function visibleOrgs(state: State, { name, token }: UserIdentity): [string, Org][] {
  return Object.entries(state.orgs).filter(
    ([orgName, org]) =>
      roleIn(org, name) !== undefined &&
      (token.role !== 'fineGrained' || token.scoped?.some(({ entity }) => entity === orgName)),
  );
}

/** Whose Hub limits apply. */
export function tierOf(identity: Identity): Tier {
  if (identity.kind === 'org') return identity.org.plan ?? 'free';
  return identity.kind === 'user' ? identity.user.hubTier : 'anonymous';
}

import type { Org, Payer, Role, State, Tier, Token, User } from './state.ts';

/** The caller of a request: no token, an invalid or expired one, a user, or an organization. */
export type Identity = { readonly kind: 'anonymous' } | { readonly kind: 'invalid' } | Account;

export type Account = UserIdentity | OrgIdentity;

export interface UserIdentity {
  readonly kind: 'user';
  readonly name: string;
  readonly user: User;
  readonly token: Token;
}

interface OrgIdentity {
  readonly kind: 'org';
  readonly name: string;
  readonly org: Org;
  readonly token: Token;
}

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

export function isAccount(identity: Identity): identity is Account {
  return identity.kind === 'user' || identity.kind === 'org';
}

/** The user or organization of this name. */
export function payerNamed({ orgs, users }: State, name: string): Payer | undefined {
  return orgs[name] ?? users[name];
}

/** Whether the token has the permission on the entity (a user or an organization, by name). */
export function permits(token: Token, entity: string, permission: string): boolean {
  if (token.role !== 'fineGrained') return true;
  const scoped = token.scoped?.find(scope => scope.entity === entity);
  return Boolean(token.global?.includes(permission) || scoped?.permissions.includes(permission));
}

export function roleIn(org: Org, name: string): Role | undefined {
  const role = org.members[name]?.role;
  return role === 'no_access' ? undefined : role;
}

/** The user's organizations; for a fine-grained token only those in its scopes. */
export function visibleOrgs(state: State, { name, token }: UserIdentity): [string, Org][] {
  return Object.entries(state.orgs).filter(
    ([orgName, org]) =>
      roleIn(org, name) !== undefined &&
      (token.role !== 'fineGrained' || token.scoped?.some(({ entity }) => entity === orgName)),
  );
}

/** The row of HF's table of Hub rate limits. */
export function tierOf(identity: Identity): Tier {
  if (identity.kind === 'org') return identity.org.plan ?? 'free';
  return identity.kind === 'user' ? identity.user.hubTier : 'anonymous';
}

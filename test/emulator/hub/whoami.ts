import { iso } from '../clock.ts';
import type { Exchange } from '../http/exchange.ts';
import { invalidCredentials, type UserIdentity, visibleOrgs } from '../identity.ts';
import type { Org, State, Token } from '../state.ts';

/** GET /api/whoami-v2: any valid token. */
export function whoami({ world, identity, reply }: Exchange) {
  if (identity.kind === 'anonymous') return reply.error(401, 'Invalid username or password.');
  if (identity.kind === 'invalid') return reply.error(401, invalidCredentials);
  const auth = authOf(world.state, identity.token);
  if (identity.kind === 'org') return reply.json(200, { ...orgFields(identity.name, identity.org), auth });
  const { user, name } = identity;
  reply.json(200, {
    type: 'user',
    id: user.id,
    name,
    fullname: user.fullname,
    email: user.email,
    emailVerified: user.emailVerified,
    canPay: user.canPay,
    billingMode: user.billingMode,
    periodEnd: user.periodEnd,
    isPro: user.isPro,
    avatarUrl: user.avatarUrl,
    orgs: orgsOf(world.state, identity),
    auth,
  });
}

function orgsOf(state: State, identity: UserIdentity): unknown[] {
  return visibleOrgs(state, identity).map(([name, org]) => {
    const member = org.members[identity.name];
    return {
      ...orgFields(name, org),
      roleInOrg: member?.role,
      isEnterprise: org.plan === 'enterprise' || org.plan === 'enterprise-plus',
      securityRestrictions: member?.securityRestrictions ?? [],
      resourceGroups: org.resourceGroups.flatMap(({ id, name: groupName, members }) => {
        const role = members[identity.name];
        return role ? [{ id, name: groupName, role }] : [];
      }),
    };
  });
}

function orgFields(name: string, org: Org) {
  const { id, fullname, email, canPay, periodEnd, avatarUrl, plan } = org;
  return { type: 'org', id, name, fullname, email, canPay, periodEnd, avatarUrl, ...(plan && { plan }) };
}

function authOf(state: State, token: Token): unknown {
  const { displayName, role, createdAt } = token;
  const fineGrained = {
    canReadGatedRepos: token.canReadGatedRepos ?? false,
    global: token.global ?? [],
    scoped: scopedOf(state, token),
  };
  return {
    type: 'access_token',
    accessToken: { displayName, role, createdAt, ...(role === 'fineGrained' && { fineGrained }) },
    ...(token.expiresAt !== undefined && { expiresAt: iso(token.expiresAt) }),
  };
}

function scopedOf(state: State, token: Token): unknown[] {
  return (token.scoped ?? []).map(({ entity, permissions }) => {
    const type = state.orgs[entity] ? 'org' : 'user';
    return {
      entity: { _id: (state.orgs[entity] ?? state.users[entity])?.id, type, name: entity },
      permissions,
    };
  });
}

import type { Exchange } from '../http/exchange.ts';
import { invalidCredentials, isAccount, permits, roleIn } from '../identity.ts';
import type { Org, User } from '../state.ts';

export interface BilledAccount {
  readonly name: string;
  readonly type: 'user' | 'org';
  readonly payer: User | Org;
}

/** The account whose bill the path names. Returns undefined after refusing a token that may not read it. */
export function billedAccount(exchange: Exchange): BilledAccount | undefined {
  const { identity, reply, path, params } = exchange;
  if (!isAccount(identity)) {
    reply.error(401, invalidCredentials);
    return undefined;
  }
  const orgName = path.startsWith('/api/organizations/') ? (params[0] ?? '') : undefined;
  if (orgName !== undefined) return billedOrg(exchange, orgName);
  const userName = path.startsWith('/api/users/') ? params[0] : identity.name;
  if (userName !== identity.name) {
    reply.error(403, "You can't read the billing of another user");
    return undefined;
  }
  if (!permits(identity.token, identity.name, 'user.billing.read')) {
    reply.error(403, 'This token does not have the permission user.billing.read');
    return undefined;
  }
  if (identity.kind === 'org') return { name: identity.name, type: 'org', payer: identity.org };
  return { name: identity.name, type: 'user', payer: identity.user };
}

function billedOrg({ world, identity, reply }: Exchange, name: string): BilledAccount | undefined {
  const org = world.state.orgs[name];
  if (!org) {
    reply.error(404, `Organization ${name} not found`);
    return undefined;
  }
  const isItself = identity.kind === 'org' && identity.name === name;
  const isAdmin =
    identity.kind === 'user' &&
    roleIn(org, identity.name) === 'admin' &&
    permits(identity.token, name, 'org.read');
  if (isItself || isAdmin) return { name, type: 'org', payer: org };
  reply.error(403, 'You must be an admin of this organization to read its billing');
  return undefined;
}

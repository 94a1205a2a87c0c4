import { spentThisMonth } from './credits.ts';
import type { Exchange } from './exchange.ts';
import { invalidCredentials, permits, roleIn } from './identity.ts';
import type { Org, ResourceGroup, User } from './state.ts';

/** Who pays for a call, and as what. */
export interface Payment {
  readonly payer: User | Org;
  readonly name: string;
  readonly group?: ResourceGroup;
  readonly isPro: boolean;
}

const permission = 'inference.serverless.write';

/** Decides who pays from the token and X-HF-Bill-To; else the refusal is sent and the result is undefined. */
export function paymentOf(exchange: Exchange): Payment | undefined {
  const { identity, reply, headers, world } = exchange;
  if (identity.kind === 'anonymous' || identity.kind === 'invalid') {
    reply.error(401, identity.kind === 'anonymous' ? 'Invalid username or password.' : invalidCredentials);
    return undefined;
  }
  const billTo = headers['x-hf-bill-to'];
  if (typeof billTo === 'string' && billTo !== '') {
    const refused = billToRefusal(exchange, billTo);
    if (refused) {
      reply.error(refused.status, refused.message);
      return undefined;
    }
    const [name, org] = payingOrg(exchange, billTo) ?? ['', undefined];
    const group = org?.resourceGroups.find(({ id }) => id === billTo);
    if (org) return { payer: org, name, isPro: true, ...(group && { group }) };
  }
  if (identity.kind === 'org') return { payer: identity.org, name: identity.name, isPro: true };
  if (!permits(identity.token, identity.name, permission)) {
    reply.error(
      403,
      `This authentication method does not have sufficient permissions to call Inference Providers on behalf of user ${identity.name}`,
    );
    return undefined;
  }
  return {
    payer: world.state.users[identity.name] ?? identity.user,
    name: identity.name,
    isPro: identity.user.isPro,
  };
}

function payingOrg({ world }: Exchange, billTo: string): [string, Org] | undefined {
  return Object.entries(world.state.orgs).find(
    ([name, { resourceGroups }]) => name === billTo || resourceGroups.some(({ id }) => id === billTo),
  );
}

/** 401 for an organization of others, 403 for what a member may not do: also on the list of models. */
export function billToRefusal(
  exchange: Exchange,
  billTo: string,
): { status: number; message: string } | undefined {
  const { identity, world } = exchange;
  if (identity.kind === 'anonymous' || identity.kind === 'invalid')
    return { status: 401, message: invalidCredentials };
  const [name = '', org] = payingOrg(exchange, billTo) ?? [];
  const role =
    org && (identity.kind === 'org' && identity.name === name ? 'admin' : roleIn(org, identity.name));
  if (!org || !role) return { status: 401, message: `You are not allowed to bill ${billTo}` };
  if (!org.plan)
    return { status: 403, message: `Organization ${name} must be on a Team or Enterprise plan to be billed` };
  const group = org.resourceGroups.find(({ id }) => id === billTo);
  if (group && identity.kind === 'user' && !group.members[identity.name]) {
    return { status: 403, message: 'You are not a member of this resource group' };
  }
  const mayWrite = role === 'admin' || role === 'write' || group?.members[identity.name] === 'write';
  if (!mayWrite) return { status: 403, message: `You must have Write privileges in the org ${name}` };
  if (!permits(identity.token, name, permission)) {
    return {
      status: 403,
      message: `This authentication method does not have sufficient permissions to call Inference Providers on behalf of org ${name}`,
    };
  }
  const groupSpent = spentThisMonth(
    {
      ...org.credits,
      charges: org.credits.charges.filter(({ resourceGroup }) => resourceGroup === group?.id),
    },
    world.clock.now(),
  );
  if (group?.spendLimitCents !== undefined && groupSpent.usedNanoUsd >= group.spendLimitCents * 1e7) {
    return {
      status: 403,
      message: `Authorization error: the spending limit of the resource group ${group.name} is reached`,
    };
  }
  return undefined;
}

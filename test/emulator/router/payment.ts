import type { Exchange } from '../http/exchange.ts';
import { invalidCredentials, isAccount, permits, roleIn } from '../identity.ts';
import { isSpent } from '../orgLimits.ts';
import type { Org, ResourceGroup, User } from '../state.ts';

/** The account that pays for a request. */
export interface Payment {
  readonly payer: User | Org;
  readonly group?: ResourceGroup;
  /** A free user: HF's 402 advises PRO. */
  readonly isFree: boolean;
}

export interface PaymentRefusal {
  readonly status: number;
  readonly message: string;
}

const permission = 'inference.serverless.write';

/** The payer, from the token and X-HF-Bill-To. Returns undefined after sending a refusal. */
export function paymentOf(exchange: Exchange): Payment | undefined {
  const { identity, reply } = exchange;
  const payment = billedOrg(exchange) ?? ownPayment(exchange);
  if (!('status' in payment)) return payment;
  const isAnonymous = identity.kind === 'anonymous';
  reply.error(payment.status, isAnonymous ? 'Invalid username or password.' : payment.message);
  return undefined;
}

function ownPayment({ identity }: Exchange): Payment | PaymentRefusal {
  if (!isAccount(identity)) return { status: 401, message: invalidCredentials };
  if (identity.kind === 'org') return { payer: identity.org, isFree: false };
  const { user, name, token } = identity;
  if (permits(token, name, permission)) return { payer: user, isFree: !user.isPro };
  return { status: 403, message: insufficientPermissions(`user ${name}`) };
}

/**
 * The organization or resource group that X-HF-Bill-To names; undefined without the header. 401: the caller is no
 * member of the organization. 403: a member without the right to bill it.
 */
export function billedOrg({ identity, headers, world }: Exchange): Payment | PaymentRefusal | undefined {
  const billTo = headers['x-hf-bill-to'];
  if (typeof billTo !== 'string' || billTo === '') return undefined;
  if (!isAccount(identity)) return { status: 401, message: invalidCredentials };
  const [name = '', org] =
    Object.entries(world.state.orgs).find(
      ([orgName, { resourceGroups }]) => orgName === billTo || resourceGroups.some(({ id }) => id === billTo),
    ) ?? [];
  const isItself = identity.kind === 'org' && identity.name === name;
  const role = org && (isItself ? 'admin' : roleIn(org, identity.name));
  if (!org || !role) return { status: 401, message: `You are not allowed to bill ${billTo}` };
  if (!org.plan)
    return { status: 403, message: `Organization ${name} must be on a Team or Enterprise plan to be billed` };
  const group = org.resourceGroups.find(({ id }) => id === billTo);
  const groupRole = group?.members[identity.name];
  if (group && identity.kind === 'user' && !groupRole)
    return { status: 403, message: 'You are not a member of this resource group' };
  if (role !== 'admin' && role !== 'write' && groupRole !== 'write')
    return { status: 403, message: `You must have Write privileges in the org ${name}` };
  if (!permits(identity.token, name, permission))
    return { status: 403, message: insufficientPermissions(`org ${name}`) };
  if (group && isSpent(org, group, world.clock.now()))
    return {
      status: 403,
      message: `Authorization error: the spending limit of the resource group ${group.name} is reached`,
    };
  return { payer: org, isFree: false, ...(group && { group }) };
}

function insufficientPermissions(account: string): string {
  return `This authentication method does not have sufficient permissions to call Inference Providers on behalf of ${account}`;
}

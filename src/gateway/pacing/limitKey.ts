import { createHash } from 'node:crypto';
import type { GatewayTarget, Route } from '../../billing/route.ts';
import type { HubBuckets } from '../../limits/pacing/hubBuckets.ts';
import { laneName } from '../../limits/pacing/paceTicket.ts';
import { shortened } from '../shortened.ts';

/** The limit that a request counts against. Names are only compared. */
export interface LimitKey {
  readonly limit: string;
  /** The limit with the payer, and with what has a limit of its own beside it: a commit, or a model. */
  readonly lane: string;
  /** Hugging Face holds this payer's money until the request is settled. */
  readonly payer?: string;
}

/** A limit as people know it. */
export interface LimitName {
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** A bucket of the Hub, `routerScope`, `sharedScope`, or a model. */
  readonly scope: string;
}

/** All models behind Hugging Face's router. */
export const routerScope = 'router';

/** Hugging Face's own account at a provider, which all its users share. */
export const sharedScope = 'shared';

/** Limited strictly, by IP address: its refusals say nothing of other calls. */
const whoami = '/api/whoami-v2';

export interface LimitKeyInput {
  readonly target: GatewayTarget;
  readonly method: string;
  readonly route: Route;
  /** As in the body, with its suffix. */
  readonly model?: string;
  /** From `accountName`. */
  readonly account: string;
}

/**
 * The Hub has a window for each kind of request. Behind the router each model may be at another provider, with limits
 * of its own, while a window of the router's would be the account's. A provider limits each model of a key.
 */
export function limitKey(input: LimitKeyInput, buckets: HubBuckets): LimitKey {
  const { target, method, route, account, model } = input;
  const path = withoutQuery(target.path);
  if (target.kind === 'hub') {
    const limit = limitName(account, { by: 'huggingface', scope: buckets.bucketOf(path) });
    return { limit, lane: laneName(limit, hubAction(method, path)) };
  }
  const what = shortened(model ?? path);
  if (route.billedTo.startsWith('key:')) {
    const limit = limitName(account, { by: route.provider ?? '', scope: what });
    return { limit, lane: laneName(limit) };
  }
  const pinned = target.kind === 'provider' ? `${target.provider} ` : '';
  const limit = limitName(account, { by: 'huggingface', scope: routerScope });
  const isBilled = method !== 'GET' && method !== 'HEAD' && !route.billedTo.startsWith('own-token');
  const payer = isBilled ? route.billedTo : undefined;
  return { limit, lane: laneName(limit, pinned + what, payer), ...(payer !== undefined && { payer }) };
}

export function limitName(account: string, { by, scope }: LimitName): string {
  return JSON.stringify([account, by, scope]);
}

/** The same account's limit by another server, or of another scope. */
export function otherLimit(limit: string, name: Partial<LimitName>): string {
  const [account = ''] = JSON.parse(limit) as string[];
  return limitName(account, { ...parseLimitName(limit), ...name });
}

/** @throws SyntaxError for a text that is not from `limitName` */
export function parseLimitName(name: string): LimitName {
  const [, by = '', scope = ''] = JSON.parse(name) as string[];
  return { by, scope };
}

/** The held model; undefined for the Hub's buckets. @param action of the lane */
export function modelOf({ by, scope }: LimitName, action: string | undefined): string | undefined {
  if (by !== 'huggingface') return scope;
  return scope === routerScope ? action : undefined;
}

/** A hash that names a token or key: other gateways with the same one share what they learn. */
export function accountName(authorization: string | undefined): string {
  if (authorization === undefined) return 'anonymous';
  return createHash('sha256').update(`headroom-pacing\n${authorization}`).digest('hex').slice(0, 32);
}

/** Requests with a limit by hour or day of their own: each kind of write, whatever the repository; and whoami. */
function hubAction(method: string, path: string): string | undefined {
  if (path === whoami) return whoami;
  if (method === 'GET' || method === 'HEAD') return undefined;
  const [, api, kind = '', , , action] = path.split('/');
  return api === 'api' ? `${method} ${kind} ${action ?? ''}` : method;
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

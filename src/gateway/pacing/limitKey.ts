import { createHash } from 'node:crypto';
import type { GatewayTarget, Route } from '../../billing/route.ts';
import type { HubBuckets } from '../../limits/pacing/hubBuckets.ts';
import { laneName } from '../../limits/pacing/paceTicket.ts';
import { shortened } from '../shortened.ts';

/** Which limits a request counts against, in names that are only compared. */
export interface CountedAgainst {
  readonly limit: string;
  /** That limit, with what has one of its own beside the window (a commit, or a model behind the router) and who pays. */
  readonly lane: string;
  /** Whose money Hugging Face holds for it until it is settled. */
  readonly payer?: string;
}

/** A limit as people know it. */
export interface LimitName {
  /** `huggingface` or a provider's id. */
  readonly by: string;
  /** A bucket of the Hub, `router`, or a model; `sharedScope`. */
  readonly scope: string;
}

/** Of all models that Hugging Face's router serves: its window, should it ever have one. */
export const routerScope = 'router';

/** Of Hugging Face's own account at a partner, which all its users share. */
export const sharedScope = 'shared';

/** Limited strictly, by IP address: what it is refused for says nothing of other calls. */
const whoami = '/api/whoami-v2';

export interface Asked {
  readonly target: GatewayTarget;
  readonly method: string;
  readonly route: Route;
  /** As in the body, with its suffix. */
  readonly model?: string;
  /** Names the account, from `accountName`. */
  readonly account: string;
}

/**
 * The Hub has a window for each kind of request. Behind the router each model may be served by another provider, with
 * limits of its own, while a window of the router's would be the account's. A provider limits each model of a key.
 */
export function countedAgainst(asked: Asked, buckets: HubBuckets): CountedAgainst {
  const { target, method, route, account, model } = asked;
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

/** The same account's limit at somebody else, or of another scope. */
export function otherLimit(limit: string, name: Partial<LimitName>): string {
  const [account = ''] = JSON.parse(limit) as string[];
  return limitName(account, { ...parseLimitName(limit), ...name });
}

/** @throws SyntaxError for what `limitName` did not make. */
export function parseLimitName(name: string): LimitName {
  const [, by = '', scope = ''] = JSON.parse(name) as string[];
  return { by, scope };
}

/** Which model waits, at a provider or behind the router; undefined of the Hub's buckets. @param action of the lane */
export function modelOf({ by, scope }: LimitName, action: string | undefined): string | undefined {
  if (by !== 'huggingface') return scope;
  return scope === routerScope ? action : undefined;
}

/** Names a token or a key without telling it: other gateways with the same one learn from it. */
export function accountName(authorization: string | undefined): string {
  if (authorization === undefined) return 'anonymous';
  return createHash('sha256').update(`headroom-pacing\n${authorization}`).digest('hex').slice(0, 32);
}

/** What may have a limit of so many per hour or day: each way of writing, whatever the repository; and whoami. */
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

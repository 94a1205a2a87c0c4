import { createHash } from 'node:crypto';
import { type GatewayTarget, isDirect, type Route } from '../../billing/route.ts';
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
  /** Behind the router, with the pinned provider; the path without a model. */
  readonly model?: string;
  /** Behind the router, as in `LimitKey`. */
  readonly payer?: string;
}

/** Behind Hugging Face's router, where each model may be at another provider. */
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
 * The Hub has a window for each kind of request. Behind the router each model may be at another provider, and any of
 * them may answer, so what an answer says of limits counts for its model and payer only. A provider limits each model of
 * a key.
 */
export function limitKey(input: LimitKeyInput, buckets: HubBuckets): LimitKey {
  const { target, method, route, account, model } = input;
  const path = withoutQuery(target.path);
  if (target.kind === 'hub') {
    const limit = limitName(account, { by: 'huggingface', scope: buckets.bucketOf(path) });
    return { limit, lane: laneName(limit, hubAction(method, path)) };
  }
  const what = part(model ?? path);
  if (isDirect(route)) {
    const limit = limitName(account, { by: route.provider ?? '', scope: what });
    return { limit, lane: laneName(limit) };
  }
  const pinned = target.kind === 'provider' ? `${part(target.provider)} ` : '';
  const isBilled = method !== 'GET' && method !== 'HEAD' && !route.billedTo.startsWith('own-token');
  const payer = isBilled ? route.billedTo : undefined;
  const paid = payer !== undefined && { payer };
  const named = pinned + what;
  const limit = limitName(account, { by: 'huggingface', scope: routerScope, model: named, ...paid });
  return { limit, lane: laneName(limit, named, payer), ...paid };
}

export function limitName(account: string, { by, scope, model, payer }: LimitName): string {
  const parts = [account, by, scope];
  if (model !== undefined) parts.push(model);
  if (payer !== undefined) parts.push(payer);
  return JSON.stringify(parts);
}

/** A caller's name of a model or path: bounded, and on one line as lanes need it. */
function part(name: string): string {
  return shortened(name).replaceAll('\n', ' ');
}

/** Another limit of the same account. */
export function otherLimit(limit: string, name: LimitName): string {
  const [account = ''] = JSON.parse(limit) as string[];
  return limitName(account, name);
}

/** @throws SyntaxError for a text that is not from `limitName` */
export function parseLimitName(name: string): LimitName {
  const [, by = '', scope = '', model, payer] = JSON.parse(name) as string[];
  return { by, scope, ...(model !== undefined && { model }), ...(payer !== undefined && { payer }) };
}

/** Undefined for the Hub's buckets. */
export function modelOf({ by, scope, model }: LimitName): string | undefined {
  return by === 'huggingface' ? model : scope;
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
  return api === 'api' ? part(`${method} ${kind} ${action ?? ''}`) : method;
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

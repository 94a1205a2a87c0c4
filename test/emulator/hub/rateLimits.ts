import { isGitPath, isLfsPath } from '../http/errorForm.ts';
import type { Reply } from '../http/reply.ts';
import { type Identity, isAccount, tierOf } from '../identity.ts';
import type { Tier } from '../state.ts';
import type { World } from '../world.ts';

type HubBucket = 'api' | 'resolvers' | 'pages' | 'media' | 'search' | 'sensitive';
/** `inference`: the router's window; HF has no published name for it. */
type Bucket = HubBucket | 'inference';

/** Requests per 5 minutes, as published at https://huggingface.co/docs/hub/rate-limits. */
const published: Record<Tier, readonly [api: number, resolvers: number, pages: number]> = {
  anonymous: [500, 3_000, 100],
  free: [1_000, 5_000, 200],
  pro: [2_500, 12_000, 400],
  team: [3_000, 20_000, 400],
  academia: [3_000, 20_000, 400],
  enterprise: [6_000, 50_000, 600],
  'enterprise-plus': [10_000, 100_000, 1_000],
};

export const buckets: readonly HubBucket[] = ['api', 'resolvers', 'pages', 'media', 'search', 'sensitive'];

function bucketOf(path: string): HubBucket {
  if (path === '/api/whoami-v2') return 'sensitive';
  if (path.startsWith('/api/quicksearch')) return 'search';
  if (path.startsWith('/api/resolve-cache/')) return 'resolvers';
  // git-lfs users saw "the quota of 1000 api requests"; that git's own requests count there too is a guess
  if (path.startsWith('/api/') || isLfsPath(path) || isGitPath(path)) return 'api';
  if (path.startsWith('/avatars/')) return 'media';
  return /^\/(?:datasets\/|spaces\/)?[^/]+\/[^/]+\/(?:resolve|raw)\//.test(path) ? 'resolvers' : 'pages';
}

/** `media`, `search` and `sensitive` are in no doc: limits as seen in the live gauges of a free account. */
export function limitOf(world: World, tier: Tier, bucket: HubBucket): number {
  const [api, resolvers, pages] = published[tier];
  const table = { api, resolvers, pages, media: 10_000, search: 300, sensitive: world.state.whoami.limit };
  return world.state.limits[bucket] ?? table[bucket];
}

/** Windows count by account, or by IP without one. whoami's always counts by IP. */
function keyOf(identity: Identity, ip: string, bucket: Bucket): string {
  const byAccount = bucket !== 'sensitive' && isAccount(identity);
  return `${byAccount ? identity.name : `ip:${ip}`}|${bucket}`;
}

export function usedOf(world: World, identity: Identity, ip: string, bucket: HubBucket): number {
  const used = world.windows.used(keyOf(identity, ip, bucket), world.clock.now(), world.state.windowSeconds);
  return Math.min(used, limitOf(world, tierOf(identity), bucket));
}

/**
 * Counts the request and adds `RateLimit` and `RateLimit-Policy` to its reply.
 * @returns false when the window is full; the 429 is sent then
 */
export function countRequest(
  world: World,
  identity: Identity,
  ip: string,
  path: string,
  reply: Reply,
): boolean {
  const bucket = bucketOf(path);
  const limit = limitOf(world, tierOf(identity), bucket);
  // A `resolve` counts once: its redirect to the cache is free.
  const cost = path.startsWith('/api/resolve-cache/') ? 0 : 1;
  return countIn(world, identity, ip, { bucket, limit, cost }, reply);
}

/** The same for the router, which has a window only when the scenario sets one. */
export function countRouterRequest(world: World, identity: Identity, ip: string, reply: Reply): boolean {
  const limit = world.state.router.requestsPerWindow;
  return limit === undefined || countIn(world, identity, ip, { bucket: 'inference', limit, cost: 1 }, reply);
}

interface Counted {
  readonly bucket: Bucket;
  readonly limit: number;
  readonly cost: number;
}

function countIn(
  world: World,
  identity: Identity,
  ip: string,
  { bucket, limit, cost }: Counted,
  reply: Reply,
): boolean {
  const now = world.clock.now();
  const { windowSeconds } = world.state;
  const key = keyOf(identity, ip, bucket);
  const fits = world.windows.take(key, limit, now, cost, windowSeconds);
  const remaining = Math.max(0, limit - world.windows.used(key, now, windowSeconds));
  const seconds = world.windows.secondsToReset(now, windowSeconds, key);
  reply.headers.ratelimit = `"${bucket}";r=${fits ? remaining : 0};t=${seconds}`;
  reply.headers['ratelimit-policy'] = `"fixed window";"${bucket}";q=${limit};w=${windowSeconds}`;
  if (fits) return true;
  if (identity.kind === 'user') identity.user.blockedPastWeek += 1;
  reply.error(429, windowRefusal(identity, bucket, limit, ip));
  return false;
}

/** HF's texts, with its 5 minutes also when the scenario has windows of another length. */
function windowRefusal(identity: Identity, bucket: Bucket, limit: number, ip: string): string {
  if (bucket === 'sensitive') {
    return "You've hit the rate limit for the /whoami-v2 endpoint, which is intentionally strict for security reasons.";
  }
  if (!isAccount(identity)) {
    return `We had to rate limit your IP (${ip}). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.`;
  }
  const upgrade =
    tierOf(identity) === 'free'
      ? 'Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. '
      : '';
  return `We had to rate limit you, you hit the quota of ${limit} ${bucket} requests per 5 minutes period. ${upgrade}See https://huggingface.co/docs/hub/rate-limits`;
}

/** A 429 for the limit of an action, with requests left in the window (r > 0). */
export function refuseAction(
  world: World,
  reply: Reply,
  action: string,
  limit: number,
  windowSecondsOfAction: number,
): void {
  const now = world.clock.now();
  const seconds = world.windows.secondsToReset(now, windowSecondsOfAction);
  const per = windowSecondsOfAction === 3600 ? 'hour' : 'day';
  const text = `You have exceeded the rate limit for ${action} (${limit} per ${per}). You can retry this action in ${inWords(seconds)}.`;
  reply.error(429, text, undefined, { 'retry-after': seconds });
}

function inWords(seconds: number): string {
  if (seconds > 82_800) return '1 day';
  if (seconds > 3_300)
    return `about ${Math.max(1, Math.round(seconds / 3600))} hour${seconds > 5_400 ? 's' : ''}`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `${minutes} minute${minutes === 1 ? '' : 's'}`;
}

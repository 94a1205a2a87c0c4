import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from '../identity.ts';
import type { World } from '../world.ts';
import type { Body } from './body.ts';
import type { Reply } from './reply.ts';

/** One request and its reply, as route handlers get it. */
export interface Exchange {
  readonly world: World;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  readonly ip: string;
  readonly identity: Identity;
  /** Segments captured by the route's path, decoded. */
  readonly params: readonly string[];
  readonly reply: Reply;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** `{name}` in the path captures one segment, `{name...}` the rest. */
export function route(method: string, path: string, handle: Route['handle']): Route {
  const source = path
    .replace(/[.]/g, '\\.')
    .replace(/\{\w+(\\\.\\\.\\\.)?\}/g, (_, rest) => (rest ? '(.+)' : '([^/]+)'));
  return { method, pattern: new RegExp(`^${source}$`), handle };
}

/** Runs the matching route: 405 for a known path with another method, `notFound` for an unknown path. */
export async function dispatch(
  routes: readonly Route[],
  exchange: Exchange,
  notFound: (exchange: Exchange) => void,
): Promise<void> {
  const matching = routes.filter(({ pattern }) => pattern.test(exchange.path));
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
  const found = matching.find(candidate => candidate.method === method);
  if (found) {
    const params = (found.pattern.exec(exchange.path) ?? []).slice(1).map(decodeURIComponent);
    await found.handle({ ...exchange, params });
  } else if (matching.length > 0) {
    const allow = [...new Set(matching.map(candidate => candidate.method))].join(', ');
    exchange.reply.error(405, `Method ${exchange.method} not allowed`, undefined, { allow });
  } else notFound(exchange);
}

/** The body as JSON; undefined when it is not JSON or too large to keep. */
export function jsonBody(exchange: Exchange): unknown {
  try {
    return JSON.parse((exchange.body.bytes ?? '').toString());
  } catch {
    return undefined;
  }
}

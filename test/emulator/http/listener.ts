import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { captivePortal, type Fault, takeFaults } from '../faults.ts';
import { countRequest, countRouterRequest } from '../hub/rateLimits.ts';
import { identify } from '../identity.ts';
import type { ServerName } from '../serverName.ts';
import type { ReceivedRequest, World } from '../world.ts';
import { type Body, readBody } from './body.ts';
import { authorizationOf, refusedCredentials } from './credentials.ts';
import { errorFormOf } from './errorForm.ts';
import { dispatch, type Exchange, type Route } from './exchange.ts';
import { Reply } from './reply.ts';

const rememberedRequests = 10_000;

export interface ServedRoutes {
  readonly routes: readonly Route[];
  readonly notFound: (exchange: Exchange) => void;
}

/** The request listener of one server: records the request, then applies faults, rate limits and routes. */
export function listener(world: World, server: ServerName, served: ServedRoutes): RequestListener {
  return (request, response) => {
    answer(world, server, served, request, response).catch((error: unknown) => {
      // A bug of the emulator. HF never sends 599.
      console.error(error);
      if (!response.headersSent) response.writeHead(599);
      response.end(`emulator: ${String(error)}`);
    });
  };
}

async function answer(
  world: World,
  server: ServerName,
  { routes, notFound }: ServedRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://emulator');
  const path = url.pathname;
  const method = request.method ?? 'GET';
  const received = recordRequest(world, server, request);
  recordStatus(received, response);
  const body = await readBody(request).catch(() => undefined);
  if (!body) return;
  recordBody(received, request, body);
  response.sendDate = false;
  response.setHeader('date', new Date(world.clock.reportedNow()).toUTCString());

  const faults = takeFaults(world.faults, server, method, path);
  const delay = faults.find(({ kind }) => kind === 'delay');
  const fault = faults.find(({ kind }) => kind !== 'delay');
  if (delay && !(await waited(delay.delayMs ?? 1000, response))) return;

  const { headers } = request;
  const errorForm = errorFormOf(server, path, headers.accept);
  const identity = identify(world.state, authorizationOf(headers, errorForm), world.clock.now());
  const ip = request.socket.remoteAddress ?? '127.0.0.1';
  const gzips = world.state.compress && /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  const reply = new Reply(response, fault, errorForm, gzips);
  if (server === 'partners' || server === 'cdn') delete reply.headers['x-request-id'];
  if (server === 'router') reply.headers['access-control-allow-origin'] = '*';
  if (fault?.kind === 'html') return reply.html(fault.status ?? 200, captivePortal);
  if (fault?.kind === 'reset') return reply.destroy();
  if (server === 'hub' && !countRequest(world, identity, ip, path, reply)) return;
  if (server === 'router' && !countRouterRequest(world, identity, ip, reply)) return;
  if (fault?.kind === 'status') return sendStatus(reply, fault);
  // The Hub refuses an invalid token on public paths as well.
  if (server === 'hub' && identity.kind === 'invalid')
    return reply.error(401, refusedCredentials(headers, errorForm));
  const query = url.searchParams;
  await dispatch(
    routes,
    { world, method, path, query, headers, body, ip, identity, params: [], reply },
    notFound,
  );
}

function sendStatus(reply: Reply, { status = 500, body, headers = {} }: Fault): void {
  if (body === undefined) reply.error(status, 'Internal Server Error', undefined, headers);
  else if (typeof body === 'string')
    reply.bytes(status, Buffer.from(body), { 'content-type': 'text/plain', ...headers });
  else reply.json(status, body, headers);
}

/** Resolves with false when the client disconnects first. */
function waited(ms: number, response: ServerResponse): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(true), ms);
    response.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function recordRequest(world: World, server: ServerName, request: IncomingMessage): ReceivedRequest {
  const received: ReceivedRequest = {
    at: new Date(world.clock.now()).toISOString(),
    server,
    host: request.headers.host ?? '',
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
  };
  world.requests.push(received);
  if (world.requests.length > rememberedRequests) world.requests.shift();
  return received;
}

function recordStatus(received: ReceivedRequest, response: ServerResponse): void {
  response.on('finish', () => {
    received.status = response.statusCode;
  });
  response.on('close', () => {
    received.status ??= response.headersSent ? response.statusCode : 0;
    if (!response.writableFinished) received.cutOff = true;
  });
}

function recordBody(
  received: ReceivedRequest,
  request: IncomingMessage,
  { bytes, size, sha256 }: Body,
): void {
  Object.assign(received, { size, sha256 });
  if (bytes && request.headers['content-type']?.includes('json')) received.body = parsed(bytes.toString());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

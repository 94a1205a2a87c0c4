import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminListener } from './admin.ts';
import { type Body, readBody } from './body.ts';
import { cdnRoutes } from './cdn.ts';
import type { Clock } from './clock.ts';
import { endpointRoutes } from './endpoints.ts';
import { dispatch, type Exchange, type Route } from './exchange.ts';
import { captivePortal, type Fault, takeFaults } from './faults.ts';
import { hubNotFound, hubRoutes } from './hub.ts';
import { countRequest, countRouterRequest } from './hubRateLimits.ts';
import { identify, invalidCredentials } from './identity.ts';
import { partnerNotFound, partnerRoutes } from './partnerServer.ts';
import { partnerIds } from './partners.ts';
import { Reply } from './reply.ts';
import { routerRoutes } from './router.ts';
import type { StatePatch } from './state.ts';
import { type ReceivedRequest, type ServerName, World } from './world.ts';

export interface EmulatorOptions {
  /** Default: `pro`. */
  scenario?: string;
  /** Changes to the scenario, as in `POST /scenario`. */
  patch?: StatePatch;
  clock?: Clock;
  /** Default 0: any free port. */
  ports?: Partial<Record<ServerName | 'admin', number>>;
}

export interface Emulator {
  readonly hubUrl: string;
  readonly routerUrl: string;
  /** Its API is under `/v2`, as HF's is. */
  readonly endpointsUrl: string;
  readonly adminUrl: string;
  /** The partners' own APIs: each has its base URL in `providerUrls`, `{partnersUrl}/{id}`. */
  readonly partnersUrl: string;
  readonly providerUrls: Readonly<Record<string, string>>;
  /** The storage that the Hub redirects to, by another host's name. */
  readonly cdnUrl: string;
  readonly world: World;
  /** The token of the current scenario; null when it is anonymous. */
  readonly token: string | null;
  requests(): readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** Starts Hugging Face on loopback. Rejects when a port is taken or the scenario is unknown. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = new World(options.clock, options.scenario, options.patch);
  const servers = {
    hub: createServer(listener(world, 'hub', hubRoutes)),
    router: createServer(listener(world, 'router', routerRoutes)),
    endpoints: createServer(listener(world, 'endpoints', endpointRoutes)),
    partners: createServer(listener(world, 'partners', partnerRoutes)),
    cdn: createServer(listener(world, 'cdn', cdnRoutes)),
    admin: createServer(adminListener(world)),
  };
  const url = (name: keyof typeof servers) => listen(servers[name], options.ports?.[name] ?? 0);
  const [hubUrl, routerUrl, endpointsUrl, partnersUrl, storageUrl, adminUrl] = await Promise.all([
    url('hub'),
    url('router'),
    url('endpoints'),
    url('partners'),
    url('cdn'),
    url('admin'),
  ]);
  // clients of the Hub look at the name of a redirect's host, not at its port, to tell who may see a token
  const cdnUrl = storageUrl.replace('127.0.0.1', 'localhost');
  world.urls = {
    hub: hubUrl,
    router: routerUrl,
    endpoints: endpointsUrl,
    partners: partnersUrl,
    cdn: cdnUrl,
  };
  return {
    hubUrl,
    routerUrl,
    endpointsUrl,
    adminUrl,
    partnersUrl,
    providerUrls: Object.fromEntries(partnerIds.map(id => [id, `${partnersUrl}/${id}`])),
    cdnUrl,
    world,
    get token() {
      return world.state.token;
    },
    requests: () => world.requests,
    close: async () => {
      await Promise.all(Object.values(servers).map(close));
    },
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What a path that nobody knows answers. */
const notFound: Partial<Record<ServerName, (exchange: Exchange) => void>> = {
  hub: ({ reply }) => reply.error(404, hubNotFound),
  partners: partnerNotFound,
};

function listener(world: World, server: ServerName, routes: readonly Route[]) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(world, server, routes, request, response).catch((error: unknown) => {
      // A fault of the emulator itself: never to be taken for HF's.
      console.error(error);
      if (!response.headersSent) response.writeHead(599);
      response.end(`emulator: ${String(error)}`);
    });
  };
}

async function answer(
  world: World,
  server: ServerName,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://emulator');
  const received = log(world, server, request);
  response.on('finish', () => {
    received.status = response.statusCode;
  });
  response.on('close', () => {
    received.status ??= response.headersSent ? response.statusCode : 0;
    if (!response.writableFinished) received.cutOff = true;
  });
  const body = await readBody(request).catch(() => undefined);
  if (!body) return;
  note(received, request, body);
  response.sendDate = false;
  response.setHeader('date', new Date(world.clock.told()).toUTCString());

  const faults = takeFaults(world.faults, server, method, url.pathname);
  const delay = faults.find(({ kind }) => kind === 'delay');
  const fault = faults.find(({ kind }) => kind !== 'delay');
  if (delay && !(await waited(delay.delayMs ?? 1000, response))) return;

  const apiKey = request.headers['x-api-key'];
  const authorization =
    request.headers.authorization ?? (typeof apiKey === 'string' ? `Bearer ${apiKey}` : undefined);
  const identity = identify(world.state, authorization, world.clock.now());
  const ip = request.socket.remoteAddress ?? '127.0.0.1';
  const wantsHtml = request.headers.accept?.includes('text/html') ?? false;
  const gzips = world.state.compress && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const reply = new Reply(response, fault, wantsHtml, gzips);
  if (server === 'partners' || server === 'cdn') delete reply.headers['x-request-id'];
  if (server === 'router') reply.headers['access-control-allow-origin'] = '*';
  if (fault?.kind === 'html') return reply.html(fault.status ?? 200, captivePortal);
  if (fault?.kind === 'reset') return reply.destroy();
  if (server === 'hub' && !countRequest(world, identity, ip, url.pathname, reply)) return;
  if (server === 'router' && !countRouterRequest(world, identity, ip, reply)) return;
  if (fault?.kind === 'status') return refuse(reply, fault);
  // also what is public: whoever shows a token that is not valid is refused, and told so
  if (server === 'hub' && identity.kind === 'invalid') return reply.error(401, invalidCredentials);
  const exchange = {
    world,
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    ip,
    identity,
    params: [],
    reply,
  };
  await dispatch(routes, exchange, notFound[server] ?? (() => reply.error(404, 'Not Found')));
}

function refuse(reply: Reply, { status = 500, body, headers = {} }: Fault): void {
  if (body === undefined) reply.error(status, 'Internal Server Error', undefined, headers);
  else if (typeof body === 'string')
    reply.bytes(status, Buffer.from(body), { 'content-type': 'text/plain', ...headers });
  else reply.json(status, body, headers);
}

/** False when the caller went away meanwhile. */
function waited(ms: number, response: ServerResponse): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(true), ms);
    response.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function log(world: World, server: ServerName, request: IncomingMessage): ReceivedRequest {
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
  if (world.requests.length > 10_000) world.requests.shift();
  return received;
}

function note(
  received: ReceivedRequest,
  request: IncomingMessage,
  { kept, whole, size, sha256 }: Body,
): void {
  Object.assign(received, { size, sha256 });
  if (whole && request.headers['content-type']?.includes('json')) received.body = parsed(kept);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return body.toString('utf8');
  }
}

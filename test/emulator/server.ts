import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminListener } from './admin.ts';
import type { Clock } from './clock.ts';
import { endpointRoutes } from './endpoints/routes.ts';
import type { Exchange, Route } from './http/exchange.ts';
import { listener } from './http/listener.ts';
import { cdnRoutes } from './hub/cdn.ts';
import { hubNotFound } from './hub/notFound.ts';
import { hubRoutes } from './hub/routes.ts';
import { providerNotFound, providerRoutes } from './providers/routes.ts';
import { providerIds } from './providers.ts';
import { routerRoutes } from './router/routes.ts';
import type { ServerName } from './serverName.ts';
import type { StatePatch } from './state.ts';
import { type ReceivedRequest, World } from './world.ts';

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
  /** Without the `/v2` of its API. */
  readonly endpointsUrl: string;
  readonly adminUrl: string;
  /** The server of the providers' own APIs; `providerUrls` has `{partnersUrl}/{id}` by provider id. */
  readonly partnersUrl: string;
  readonly providerUrls: Readonly<Record<string, string>>;
  /** The storage that the Hub redirects to, under another host name. */
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
  const serve = (name: ServerName, routes: readonly Route[], notFound = plainNotFound) =>
    createServer(listener(world, name, { routes, notFound }));
  const servers = {
    hub: serve('hub', hubRoutes, hubNotFound),
    router: serve('router', routerRoutes),
    endpoints: serve('endpoints', endpointRoutes),
    partners: serve('partners', providerRoutes, providerNotFound),
    cdn: serve('cdn', cdnRoutes),
    admin: createServer(adminListener(world)),
  };
  const listening = (name: keyof typeof servers) => listen(servers[name], options.ports?.[name] ?? 0);
  const [hubUrl, routerUrl, endpointsUrl, partnersUrl, cdnAddress, adminUrl] = await Promise.all([
    listening('hub'),
    listening('router'),
    listening('endpoints'),
    listening('partners'),
    listening('cdn'),
    listening('admin'),
  ]);
  // Hub clients drop the token on a redirect to another host name; the port alone makes no difference.
  const cdnUrl = cdnAddress.replace('127.0.0.1', 'localhost');
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
    providerUrls: Object.fromEntries(providerIds.map(id => [id, `${partnersUrl}/${id}`])),
    cdnUrl,
    world,
    get token() {
      return world.state.token;
    },
    requests: () => world.requests,
    close: async () => {
      await Promise.all(Object.values(servers).map(close));
      world.git.remove();
    },
  };
}

function plainNotFound({ reply }: Exchange): void {
  reply.error(404, 'Not Found');
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

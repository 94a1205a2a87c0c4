import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { longestHeadMs, mostHeadBytes } from '../limits/bounds.ts';
import { createAdmission } from './admission/admission.ts';
import type { GatewayPort } from './admission/inboundRequest.ts';
import type { Served } from './admission/targets.ts';

/** Longer than the pools of clients, which else send on a connection that closes: Go and hyper 90 s, OkHttp 5 min. */
const keepAliveMs = 310_000;
/** How often heads that take too long are looked for. */
const headCheckMs = 2_000;
/** How often idle connections are closed while the last requests end. */
const idleCheckMs = 50;

/** A server on 127.0.0.1 that listens. */
export interface Listener extends GatewayPort {
  readonly server: Server;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

/** @param port 0: any free one. Rejects with the system's error when it can't be listened on */
export async function openListener(served: Served, port: number, key: string): Promise<Listener> {
  const server = createServer({
    maxHeaderSize: mostHeadBytes,
    headersTimeout: longestHeadMs,
    connectionsCheckingInterval: headCheckMs,
    // uploads may take long; `checkProgress` finds those that stand still
    requestTimeout: 0,
    // admission checks it, and says what is wrong
    requireHostHeader: false,
    keepAliveTimeout: keepAliveMs,
    noDelay: true,
  });
  server.timeout = 0;
  await listen(server, port);
  const { port: given } = server.address() as AddressInfo;
  return { server, served, url: `http://127.0.0.1:${given}`, admission: createAdmission(key, given) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Requests in flight may end; after `graceMs` connections are cut. */
export function closeListener({ server }: Listener, graceMs: number): Promise<void> {
  return new Promise(resolve => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // a caller may keep a connection whose response had begun before
    const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(idle);
      resolve();
    });
  });
}

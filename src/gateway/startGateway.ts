import { randomUUID } from 'node:crypto';
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Refusal } from '../limits/refusals/refusal.ts';
import { openDoor } from './admission/admission.ts';
import {
  bareAnswer,
  type GatewayError,
  headersTooLarge,
  notAllowed,
  slowBody,
  unreadable,
} from './errors.ts';
import { Exchange } from './exchange.ts';
import { GatewayRequest, GatewayResponse, type Hall } from './gatewayContext.ts';
import { InFlight } from './inFlight.ts';
import type { Gateway, GatewayOptions, GatewayTimers } from './options.ts';
import { Pacing } from './pacing/pacing.ts';
import { Recorder } from './record/recorder.ts';
import { Payers } from './upstream/payerSelection.ts';
import { Routes } from './upstream/routes.ts';

const maxHeaderBytes = 8 * 1024;
const mostConnections = 8192;
const headersTimeoutMs = 15_000;
const keepAliveMs = 65_000;
/** How often slow clients are looked for. */
const tickMs = 10_000;
/** How often connections without a request are closed while the last requests end. */
const idleCheckMs = 50;

/**
 * Serves the paths of Hugging Face on 127.0.0.1, for callers that know the key, billed to whom the configuration says.
 * Rejects with the system's error when the port can't be listened on.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { ledger, prices, models, dispatcher, now, random, onEvent, log } = options;
  const timers = options.timers ?? ownTimers;
  const server = createServer({
    IncomingMessage: GatewayRequest,
    ServerResponse: GatewayResponse,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    // an upload may take long: whether it makes progress is looked at
    requestTimeout: 0,
    // the door looks at it, and says what is wrong
    requireHostHeader: false,
    keepAliveTimeout: keepAliveMs,
    noDelay: true,
  });
  server.maxConnections = mostConnections;
  server.timeout = 0;
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const closeUnused = () => {
    const used = new Set([...hall.inFlight].map(({ socket }) => socket));
    // node:http's own idea of idle connections leaves out those that were never used
    for (const socket of sockets) if (!used.has(socket)) socket.destroySoon();
  };
  const url = await listen(server, options.port);
  const pacing = new Pacing(randomUUID(), {
    ledger,
    timers,
    now,
    random,
    log,
    onHeld: held => onEvent({ kind: 'held', held }),
    onBroken() {
      for (const exchange of hall.inFlight) exchange.unheld();
    },
  });
  pacing.observeOnly(options.config.pacing === 'observe');
  const onRefusal = (refusal: Refusal) => onEvent({ kind: 'refusal', refusal });
  const hall: Hall = {
    door: openDoor(options.key, portOf(server)),
    payers: new Payers(options.config, {
      ledger,
      now,
      onEvent(event) {
        onEvent(event);
        pacing.reconsider();
      },
    }),
    pacing,
    recorder: new Recorder({
      ledger,
      prices,
      timers,
      log,
      onUsed: (ticket, tokens) => pacing.used(ticket, tokens),
      onRefusal,
    }),
    models,
    dispatcher,
    timers,
    inFlight: new InFlight(),
    log,
    onLeft: () => setImmediate(closeUnused),
    now,
    random,
    onRefusal,
    routes: new Routes(options.config, url, pacing.buckets),
    closing: false,
    bufferedBytes: 0,
    tick: 0,
  };
  serve(server, hall);
  let ticking: object | number | undefined;
  const keepTicking = () => {
    ticking = timers.setTimeout(() => {
      tick(hall);
      keepTicking();
    }, tickMs);
  };
  keepTicking();
  return {
    url,
    configure(config) {
      hall.routes = new Routes(config, url, pacing.buckets);
      hall.payers.configure(config);
      pacing.observeOnly(config.pacing === 'observe');
      pacing.reconsider();
    },
    creditsReturned: () => hall.payers.creditsReturned(),
    balance(payer, balance) {
      hall.payers.balance(payer, balance);
      pacing.balance(payer, balance);
    },
    release: limit => pacing.release(limit),
    cancel: limit => pacing.cancel(limit),
    async close(graceMs) {
      hall.closing = true;
      if (ticking !== undefined) timers.clearTimeout(ticking);
      for (const exchange of hall.inFlight) exchange.hurry();
      closeUnused();
      await closeServer(server, graceMs);
      pacing.close();
      await hall.recorder.flush();
    },
  };
}

function serve(server: Server<typeof GatewayRequest, typeof GatewayResponse>, hall: Hall): void {
  server.on('request', (request, response) => new Exchange(hall, request, response, false).begin());
  server.on('checkContinue', (request: GatewayRequest, response: GatewayResponse) =>
    new Exchange(hall, request, response, true).begin(),
  );
  server.on('connect', (_request, socket: Socket) => refuse(socket, notAllowed));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuse(socket, errors[error.code ?? ''] ?? unreadable);
  });
}

const errors: Readonly<Record<string, GatewayError>> = {
  HPE_HEADER_OVERFLOW: headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: slowBody,
};

/**
 * A body that can't be read is answered like any request. A response that is under way, or one to a request before,
 * must not be mixed up with this one: then the connection just ends.
 */
function refuse(socket: Socket & { _httpMessage?: GatewayResponse | null }, error: GatewayError): void {
  const answering = socket._httpMessage;
  if (!answering) socket.end(bareAnswer(error, STATUS_CODES[error.status] ?? ''), () => socket.destroySoon());
  else if (answering.headersSent || answering.req.complete) socket.destroy();
  else {
    answering.shouldKeepAlive = false;
    answering.exchange?.failed(error);
    socket.destroySoon();
  }
}

function tick(hall: Hall): void {
  hall.tick += 1;
  hall.payers.sweep();
  hall.pacing.sweep();
  for (const exchange of hall.inFlight) exchange.checkProgress(hall.tick);
}

function listen(
  server: Server<typeof GatewayRequest, typeof GatewayResponse>,
  port: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
      server.off('error', reject);
      resolve(`http://127.0.0.1:${portOf(server)}`);
    });
  });
}

function portOf(server: Server<typeof GatewayRequest, typeof GatewayResponse>): number {
  return (server.address() as AddressInfo).port;
}

/** Whoever is in flight may end; after that connections are cut. */
function closeServer(
  server: Server<typeof GatewayRequest, typeof GatewayResponse>,
  graceMs: number,
): Promise<void> {
  return new Promise(resolve => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // a connection whose answer began before may be kept alive by its caller
    const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(idle);
      resolve();
    });
  });
}

/** None keeps the process: what they are for has a connection, which does. */
const ownTimers: GatewayTimers = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  clearTimeout: timer => clearTimeout(timer as NodeJS.Timeout),
};

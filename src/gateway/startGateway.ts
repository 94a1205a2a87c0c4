import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { formatProfile } from '../billing/profile.ts';
import {
  bodyPatienceTicks,
  mostBodyBytes,
  mostStrangerBodyBytes,
  strangersBodyPatienceTicks,
} from '../limits/bounds.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { Connection } from './admission/connection.ts';
import { Connections } from './admission/connections.ts';
import { Strangers } from './admission/strangers.ts';
import { BodyShare } from './body/bodyShare.ts';
import { Descriptors } from './descriptors.ts';
import {
  type GatewayError,
  gatewayFailed,
  headersTooLarge,
  notAllowed,
  refuseConnection,
  sendError,
  slowHead,
  tooManyConnections,
  unreadable,
} from './errors.ts';
import { Exchange } from './exchange.ts';
import type { GatewayContext } from './gatewayContext.ts';
import { guardedTimers } from './guardedTimers.ts';
import { InFlight } from './inFlight.ts';
import { closeListener, type Listener, openListener } from './listener.ts';
import type { Gateway, GatewayOptions, GatewayTimers } from './options.ts';
import { Pacing } from './pacing/pacing.ts';
import { Recorder } from './record/recorder.ts';
import { Payers } from './upstream/payers.ts';
import { Routes } from './upstream/routes.ts';
import { Spending } from './upstream/spending.ts';

/** How often slow clients are looked for. */
const tickMs = 10_000;

/**
 * Serves Hugging Face's paths on 127.0.0.1 to callers with the key, billed to the configured payer.
 * A second port serves the Hub at its root, as Hugging Face's libraries need it.
 * Rejects with the system's error when the port can't be listened on.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { ledger, prices, models, dispatcher, now, random, onEvent, onTallies, log } = options;
  const timers = guardedTimers(options.timers ?? processTimers, log);
  const listeners = await openListeners(options);
  const [{ url }, { url: hub }] = listeners;
  const descriptors = new Descriptors(now, log);
  const connections = new Connections(timers, descriptors);
  const strangers = new Strangers(timers, now);
  const onRefusal = (refusal: Refusal) => onEvent({ kind: 'refusal', refusal });
  const inFlight = new InFlight();
  const pacing = new Pacing(randomUUID(), {
    ledger,
    timers,
    now,
    random,
    log,
    onHeld: held => onEvent({ kind: 'held', held }),
    onBroken: () => {
      for (const exchange of inFlight.all()) exchange.unhold();
    },
  });
  const payers = new Payers(options.config, {
    ledger,
    now,
    onEvent(event) {
      onEvent(event);
      pacing.reconsider();
    },
  });
  const spending = new Spending(options.config.budgets, { ledger, prices, now, onEvent });
  const onUsed = pacing.used.bind(pacing);
  const workspace = () => context.routes.config.workspace;
  const context: GatewayContext = {
    payers,
    spending,
    pacing,
    recorder: new Recorder({ ledger, prices, timers, log, onUsed, onRefusal, onTallies, workspace }),
    models,
    dispatcher,
    timers,
    inFlight,
    connections,
    strangers,
    descriptors,
    bodies: new BodyShare(mostBodyBytes, bodyPatienceTicks),
    strangersBodies: new BodyShare(mostStrangerBodyBytes, strangersBodyPatienceTicks, (bytes, go) =>
      strangers.received(bytes, go),
    ),
    log,
    onLeft: () => setImmediate(() => connections.closeUnused()),
    now,
    random,
    onRefusal,
    routes: new Routes(options.config, pacing.buckets),
    closing: false,
    tick: 0,
  };
  pacing.observeOnly(options.config.pacing === 'observe');
  for (const listener of listeners) {
    connections.watch(listener.server);
    serve(listener, context);
  }
  const stopTicking = tickRegularly(context);
  return {
    url,
    hub,
    get config() {
      return context.routes.config;
    },
    configure(config) {
      if (config.token !== context.routes.config.token) spending.forgetBalances();
      context.routes = new Routes(config, pacing.buckets);
      if (payers.configure(config)) pacing.forgetMoney();
      spending.configure(config.budgets);
      pacing.observeOnly(config.pacing === 'observe');
      pacing.reconsider();
    },
    creditsReturned() {
      payers.creditsReturned();
      pacing.moneyReturned(formatProfile(context.routes.config.profile));
    },
    balance(payer, balance) {
      payers.balance(payer, balance);
      spending.balance(payer, balance);
      pacing.balance(payer, balance);
    },
    release: limit => pacing.release(limit),
    cancel: limit => pacing.cancel(limit),
    async close(graceMs) {
      context.closing = true;
      stopTicking();
      for (const exchange of inFlight.all()) exchange.hurry();
      connections.closeUnused();
      await Promise.all(listeners.map(listener => closeListener(listener, graceMs)));
      strangers.close();
      pacing.close();
      await context.recorder.flush();
    },
  };
}

/** No connection is accepted before the caller goes on: listening takes no turn of the event loop. */
async function openListeners({ port, hubPort, key }: GatewayOptions): Promise<[Listener, Listener]> {
  const all = await openListener('all', port, key);
  try {
    // another program may have it meanwhile, and programs are told the one that it is
    const hub = await openListener('hub', hubPort ?? 0, key).catch(() => openListener('hub', 0, key));
    return [all, hub];
  } catch (error) {
    all.server.close();
    throw error;
  }
}

function serve(listener: Listener, context: GatewayContext): void {
  const { server } = listener;
  const start = (
    connection: Connection,
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ) => {
    try {
      new Exchange(context, listener, connection, request, response, expectsContinue).start();
    } catch (error) {
      context.log(`gateway: an exchange could not start: ${String(error)}`);
      sendError(response, gatewayFailed, 'openai', { mayBeDone: false, closes: true });
    }
  };
  const begin = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const connection = context.connections.of(request.socket);
    if (connection?.isTurnedAway) {
      sendError(response, tooManyConnections, 'openai', { mayBeDone: false, closes: true });
      request.resume();
      return;
    }
    connection?.request(() => start(connection, request, response, expectsContinue));
  };
  server.on('request', (request, response) => begin(request, response, false));
  server.on('checkContinue', (request, response) => begin(request, response, true));
  server.on('connect', (_request, socket: Socket) => refuseConnection(socket, notAllowed));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const why = clientErrors[error.code ?? ''] ?? unreadable;
    const { exchanges = [], isHeld = false } = context.connections.of(socket) ?? {};
    // its head is not read on, because earlier requests are not answered yet
    if (isHeld && error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return;
    if (error.code === 'ECONNRESET' || !socket.writable || exchanges.length > 1) socket.destroy();
    else if (exchanges[0]) exchanges[0].clientFailed(why);
    else refuseConnection(socket, why);
  });
}

const clientErrors: Readonly<Record<string, GatewayError>> = {
  HPE_HEADER_OVERFLOW: headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: slowHead,
};

function tickRegularly(context: GatewayContext): () => void {
  const { timers, payers, pacing, inFlight, connections } = context;
  let timer: object | number;
  const schedule = () => {
    timer = timers.setTimeout(() => {
      context.tick += 1;
      payers.sweep();
      pacing.sweep();
      for (const exchange of inFlight.all()) exchange.checkProgress(context.tick);
      connections.checkProgress(context.tick);
      schedule();
    }, tickMs);
  };
  schedule();
  return () => timers.clearTimeout(timer);
}

/** Unreferenced: each waits for a connection, which keeps the process. */
const processTimers: GatewayTimers = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  clearTimeout: timer => clearTimeout(timer as NodeJS.Timeout),
};

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { Agent } from 'undici';
import type {
  Gateway,
  GatewayConfig,
  GatewayEvent,
  GatewayLedger,
  GatewayModels,
  GatewayTimers,
  HeldRequests,
} from '../../src/gateway/options.ts';
import { startGateway } from '../../src/gateway/startGateway.ts';
import type { BillingSwitch } from '../../src/limits/billingSwitch.ts';
import type { Refusal } from '../../src/limits/refusal.ts';
import type { RequestTally } from '../../src/limits/requestTally.ts';

export const key = 'hf_headroom_k3yk3yk3yk3yk3yk3yk3yk3yk3y';

export interface TestGateway extends Gateway {
  readonly port: number;
  readonly tallies: RequestTally[];
  readonly refusals: Refusal[];
  readonly switches: BillingSwitch[];
  /** All but those of who waits. */
  readonly events: GatewayEvent[];
  readonly held: HeldRequests[][];
  readonly lines: string[];
  /** Also its connections to upstream. */
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly config?: Partial<GatewayConfig>;
  readonly models?: Partial<GatewayModels>;
  readonly clock?: ManualClock;
  readonly dispatcher?: Dispatcher;
  readonly ledger?: Partial<GatewayLedger>;
  readonly random?: () => number;
}

/** A gateway whose Hugging Face, Hub and router, is at `upstreamUrl`. */
export async function gatewayTo(upstreamUrl: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dispatcher = options.dispatcher ?? new Agent();
  const records = {
    tallies: [] as RequestTally[],
    refusals: [] as Refusal[],
    switches: [] as BillingSwitch[],
    events: [] as GatewayEvent[],
    held: [] as HeldRequests[][],
    lines: [] as string[],
  };
  const gateway = await startGateway({
    port: 0,
    key,
    config: configTo(upstreamUrl, options.config),
    dispatcher,
    ledger: {
      recordTallies: tallies => records.tallies.push(...tallies),
      recordRefusals: refusals => records.refusals.push(...refusals),
      recordSwitch: entry => records.switches.push(entry),
      shareLimits: () => {},
      sharedLimits: () => [],
      dataVersion: () => 0,
      ...options.ledger,
    },
    models: { find: async () => undefined, providersOf: async () => [], ...options.models },
    prices: { prepare: () => undefined, costNanoUsd: () => undefined },
    now: options.clock?.now ?? Date.now,
    random: options.random ?? (() => 0.5),
    ...(options.clock && { timers: options.clock }),
    onEvent: event =>
      event.kind === 'held' ? records.held.push([...event.held]) : records.events.push(event),
    log: line => records.lines.push(line),
  });
  return {
    ...gateway,
    ...records,
    port: Number(new URL(gateway.url).port),
    async stop() {
      await gateway.close(0);
      await dispatcher.destroy();
    },
  };
}

export function configTo(upstreamUrl: string, changes: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    token: 'hf_developers',
    keys: {},
    servers: { hubUrl: upstreamUrl, routerUrl: upstreamUrl, endpointsUrl: upstreamUrl },
    providerUrls: {},
    profile: { kind: 'personal' },
    failover: [],
    sessionId: 'session-of-the-window',
    longestWaitMs: 60_000,
    pacing: 'pace',
    ...changes,
  };
}

/** For what else the gateway sets timers: batches of records, the body of a refusal, slow clients, the rest of an upload. */
const otherDelays: readonly number[] = [100, 150, 900, 3_000, 10_000, 30_000];

/** Time that passes only when a test says so. */
export class ManualClock implements GatewayTimers {
  #now = Date.UTC(2026, 10, 10, 12);
  readonly #timers = new Set<{
    at: number;
    readonly delayMs: number;
    readonly callback: () => void;
  }>();
  readonly #watchers = new Set<() => void>();

  readonly now = (): number => this.#now;

  setTimeout(callback: () => void, delayMs: number): object {
    const timer = { at: this.#now + delayMs, delayMs, callback };
    this.#timers.add(timer);
    for (const watcher of this.#watchers) watcher();
    return timer;
  }

  clearTimeout(timer: object | number): void {
    this.#timers.delete(timer as never);
    for (const watcher of this.#watchers) watcher();
  }

  /** When nothing waits between two tries any more. */
  cleared(): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if ([...this.#timers].some(({ delayMs }) => !otherDelays.includes(delayMs))) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** The delay of a wait between two tries, once there is one. */
  wait(): Promise<number> {
    return new Promise(resolve => {
      const look = () => {
        for (const { delayMs } of this.#timers) {
          if (otherDelays.includes(delayMs)) continue;
          this.#watchers.delete(look);
          resolve(delayMs);
          return;
        }
      };
      this.#watchers.add(look);
      look();
    });
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Fires those that were set for so long, without time passing. */
  fire(delayMs: number): void {
    for (const timer of [...this.#timers]) {
      if (timer.delayMs === delayMs && this.#timers.delete(timer)) timer.callback();
    }
  }

  /** The machine sleeps, or its date is set: timers know nothing of it. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ at }) => at <= until)
        .sort((one, other) => one.at - other.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }
}

export interface RawRequest {
  /** Request line and headers, without the empty line. */
  readonly head: string;
  readonly body: Buffer;
  readonly socket: Socket;
  /** Its number on its connection, from 0. */
  readonly index: number;
}

export interface RawUpstream {
  readonly url: string;
  readonly port: number;
  readonly requests: RawRequest[];
  readonly connections: Socket[];
  /** Sees what arrives, before requests are complete. */
  onData: ((data: Buffer) => void) | undefined;
  close(): Promise<void>;
}

/** A server that answers with whatever bytes a test writes. Requests end with their `Content-Length` or last chunk. */
export async function rawUpstream(answer: (request: RawRequest) => void, listenOn = 0): Promise<RawUpstream> {
  const requests: RawRequest[] = [];
  const connections: Socket[] = [];
  const server = createServer({ noDelay: true }, socket => {
    connections.push(socket);
    let buffer = Buffer.alloc(0);
    let index = 0;
    socket.on('error', () => {});
    socket.on('data', chunk => {
      upstream.onData?.(chunk);
      buffer = Buffer.concat([buffer, chunk]);
      for (let end = messageEnd(buffer); end !== undefined; end = messageEnd(buffer)) {
        const headEnd = buffer.indexOf('\r\n\r\n');
        const request = {
          head: buffer.toString('latin1', 0, headEnd),
          body: buffer.subarray(headEnd + 4, end),
          socket,
          index: index++,
        };
        buffer = buffer.subarray(end);
        requests.push(request);
        answer(request);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(listenOn, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: RawUpstream = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections,
    onData: undefined,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
  return upstream;
}

function messageEnd(buffer: Buffer): number | undefined {
  const headEnd = buffer.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = buffer.toString('latin1', 0, headEnd);
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const last = buffer.indexOf('0\r\n\r\n', headEnd + 4);
    return last < 0 ? undefined : last + 5;
  }
  const end = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return buffer.length < end ? undefined : end;
}

export interface RawClient {
  readonly socket: Socket;
  write(bytes: string | Buffer): void;
  /** Everything received once it holds what is wanted, or once the connection has ended. */
  until(wanted: string | ((received: Buffer) => boolean)): Promise<Buffer>;
  /** Everything, when the connection has ended, whether in order or not. */
  ended(): Promise<Buffer>;
  received(): Buffer;
  /** What has been received is dropped, as a long test has much of it. */
  forget(): void;
}

/** A connection on which a test writes its own bytes. */
export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received = Buffer.alloc(0);
  let closed = false;
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on('error', () => {});
  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk]);
    tell();
  });
  socket.on('close', () => {
    closed = true;
    tell();
  });
  const when = (holds: () => boolean) =>
    new Promise<Buffer>(resolve => {
      const look = () => {
        if (!closed && !holds()) return;
        watchers.delete(look);
        resolve(received);
      };
      watchers.add(look);
      look();
    });
  return {
    socket,
    write: bytes => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    until: wanted => when(() => (typeof wanted === 'string' ? received.includes(wanted) : wanted(received))),
    ended: () => when(() => false),
    received: () => received,
    forget: () => {
      received = Buffer.alloc(0);
    },
  };
}

/** One request on a connection of its own, and all that came back. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const client = await rawClient(port);
  client.write(bytes);
  const answer = await client.ended();
  return answer.toString('latin1');
}

export function withKey(headers: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${key}`, ...headers };
}

/** A chat request as an SDK sends it. */
export function chat(
  { url }: { readonly url: string },
  body: unknown = { model: 'acme/Model-7B', messages: [] },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: withKey({ 'content-type': 'application/json', ...headers }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A complete response with a length. */
export function response(
  status: number,
  body = '{}',
  headers: Record<string, string> = {},
  contentType = 'application/json',
): string {
  const all = { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Some Words\r\n${lines.join('')}\r\n${body}`;
}

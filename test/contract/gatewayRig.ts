import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { ManualClock } from './manualClock.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { configTo, gatewayTo, type TestGateway, type TestGatewayOptions, withKey } from './testGateway.ts';

/** Token with limits of its own. A response to it shows that earlier requests have arrived. */
const sentinel = 'hf_sentinel';
/** Turns of the event loop before `arrival` fails. */
const mostTurns = 20_000;

type Answer = (request: RawRequest) => string | Buffer | undefined;

/** A gateway on a manual clock, and one server in the place of Hugging Face and of Groq. */
export class GatewayRig {
  readonly clock = new ManualClock();
  readonly upstream: RawUpstream;
  gateway!: TestGateway;
  /** Next answers of the server, one for each request. */
  readonly answers: Answer[] = [];
  /** Epoch ms. */
  readonly #arrivedAt: number[] = [];
  /** Answer once `answers` is empty; undefined: the test writes to the socket later. */
  answer: Answer = () => response(200, ok);

  constructor(upstream: RawUpstream) {
    this.upstream = upstream;
  }

  static async start({ config, ...options }: TestGatewayOptions = {}): Promise<GatewayRig> {
    const upstream = await rawUpstream(request => {
      const next = () => (rig.answers.shift() ?? rig.answer)(request);
      const isSentinel = request.head.includes(sentinel);
      if (!isSentinel) rig.#arrivedAt.push(rig.clock.now());
      const answer = isSentinel ? response(200) : next();
      if (answer !== undefined) request.socket.write(answer);
    });
    const rig = new GatewayRig(upstream);
    const { clock } = rig;
    rig.gateway = await gatewayTo(upstream.url, { clock, config: rig.#withGroq(config), ...options });
    return rig;
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.upstream.close();
  }

  configure(changes: Partial<GatewayConfig>): void {
    this.gateway.configure(configTo(this.upstream.url, this.#withGroq(changes)));
  }

  #withGroq(config?: Partial<GatewayConfig>): Partial<GatewayConfig> {
    return { providerUrls: { groq: this.upstream.url }, ...config };
  }

  get arrived(): RawRequest[] {
    return this.upstream.requests.filter(({ head }) => !head.includes(sentinel));
  }

  /** Milliseconds between arrivals. */
  get waits(): number[] {
    return this.#arrivedAt.slice(1).map((at, index) => at - (this.#arrivedAt[index] ?? 0));
  }

  /** Such as `GET /api/models`, in order of arrival. */
  get lines(): string[] {
    return this.arrived.map(({ head }) => /^(\S+ \S+)/.exec(head)?.[1] ?? '');
  }

  /** Payers in order of arrival: `personal`, an organization, or `key` for a key of Groq. */
  get billed(): string[] {
    return this.arrived.map(({ head }) => {
      if (/^authorization: Bearer gsk_/m.test(head)) return 'key';
      return /^x-hf-bill-to: (.*)$/m.exec(head)?.[1] ?? 'personal';
    });
  }

  fetch(path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) {
    return fetch(this.gateway.url + path, { headers: withKey(headers), ...init });
  }

  async status(...request: Parameters<GatewayRig['fetch']>): Promise<number> {
    const answer = await this.fetch(...request);
    await answer.arrayBuffer();
    return answer.status;
  }

  /** Resolves when `count` requests have arrived. */
  async arrival(count: number): Promise<void> {
    for (let turns = 0; this.arrived.length < count; turns += 1) {
      assert.ok(turns < mostTurns, `${this.arrived.length} of ${count} arrived`);
      await turn();
    }
  }

  /** Advances the clock until the gateway reports `count` held requests. */
  async held(count: number): Promise<void> {
    const reported = () => (this.gateway.held.at(-1) ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
    await this.clock.until(() => reported() === count);
  }

  /** Resolves when every request that need not wait has arrived. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const answer = await this.fetch('/v1/models', { headers: { authorization: `Bearer ${sentinel}` } });
      await answer.arrayBuffer();
    }
  }

  /** Advances the clock, then waits for the requests that this lets go. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.quiet();
  }
}

/** An entry of `answers`. */
export function reply(status: number, body?: string, headers?: Record<string, string>): Answer {
  return () => response(status, body, headers);
}

/** Headers of a rate window. */
export function windowHeaders(remaining: number, seconds: number, bucket = 'api'): Record<string, string> {
  return {
    ratelimit: `"${bucket}";r=${remaining};t=${seconds}`,
    'ratelimit-policy': `"fixed window";"${bucket}";q=1000;w=300`,
  };
}

/** Body with usage. */
export const ok = '{"usage":{"prompt_tokens":12,"completion_tokens":3}}';
export const depleted =
  '{"error":"You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers."}';

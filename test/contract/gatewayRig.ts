import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { ManualClock } from './manualClock.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { configTo, gatewayTo, type TestGateway, type TestGatewayOptions, withKey } from './testGateway.ts';

/** Of a caller of its own, with limits of its own: when it is answered, what was under way before has arrived. */
const sentinel = 'hf_sentinel';
/** Of the loop, until what was waited for has not come. */
const mostTurns = 20_000;

type Answer = (request: RawRequest) => string | Buffer | undefined;

/** A gateway before a server that is Hugging Face, and Groq too, and a clock that stands still. */
export class GatewayRig {
  readonly clock = new ManualClock();
  readonly upstream: RawUpstream;
  gateway!: TestGateway;
  /** What the server answers next, one request each. */
  readonly answers: Answer[] = [];
  /** Epoch ms. */
  readonly #arrivedAt: number[] = [];
  /** What it answers when there are no more of them; undefined: the test does it later. */
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

  /** Milliseconds between the requests that arrived. */
  get waits(): number[] {
    return this.#arrivedAt.slice(1).map((at, index) => at - (this.#arrivedAt[index] ?? 0));
  }

  /** `GET /api/models` and the like, in the order of arrival at the server. */
  get lines(): string[] {
    return this.arrived.map(({ head }) => /^(\S+ \S+)/.exec(head)?.[1] ?? '');
  }

  /** Who paid for each of them: `personal`, an organization, or `key` for the owner of one at Groq. */
  get billed(): string[] {
    return this.arrived.map(({ head }) => {
      if (/^authorization: Bearer gsk_/m.test(head)) return 'key';
      return /^x-hf-bill-to: (.*)$/m.exec(head)?.[1] ?? 'personal';
    });
  }

  ask(path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) {
    return fetch(this.gateway.url + path, { headers: withKey(headers), ...init });
  }

  /** One whose status alone matters. */
  async status(...asked: Parameters<GatewayRig['ask']>): Promise<number> {
    const answer = await this.ask(...asked);
    await answer.arrayBuffer();
    return answer.status;
  }

  /** When so many have reached the server. */
  async reached(count: number): Promise<void> {
    for (let turns = 0; this.arrived.length < count; turns += 1) {
      assert.ok(turns < mostTurns, `${this.arrived.length} of ${count} arrived`);
      await turn();
    }
  }

  /** Lets time pass until the gateway reports so many held requests. */
  async waiting(count: number): Promise<void> {
    await this.clock.until(() => this.#waiting() === count);
  }

  #waiting(): number {
    return (this.gateway.held.at(-1) ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** When whatever could go has gone. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const answer = await this.ask('/v1/models', { headers: { authorization: `Bearer ${sentinel}` } });
      await answer.arrayBuffer();
    }
  }

  /** Time passes, and what may go then goes. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.quiet();
  }
}

/** One of `answers`. */
export function says(status: number, body?: string, headers?: Record<string, string>): Answer {
  return () => response(status, body, headers);
}

/** The headers that tell of a window. */
export function window(remaining: number, seconds: number, bucket = 'api'): Record<string, string> {
  return {
    ratelimit: `"${bucket}";r=${remaining};t=${seconds}`,
    'ratelimit-policy': `"fixed window";"${bucket}";q=1000;w=300`,
  };
}

/** An answer that tells what it used. */
export const ok = '{"usage":{"prompt_tokens":12,"completion_tokens":3}}';
export const depleted =
  '{"error":"You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers."}';

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

/** A gateway before a server that tells of windows, and a clock that stands still. */
export class PacingRig {
  readonly clock = new ManualClock();
  readonly upstream: RawUpstream;
  gateway!: TestGateway;
  /** What the server answers at once; undefined: the test does it later. */
  answer: (request: RawRequest) => string | undefined = () => response(200);

  private constructor(upstream: RawUpstream) {
    this.upstream = upstream;
  }

  static async start(options: TestGatewayOptions = {}): Promise<PacingRig> {
    const upstream = await rawUpstream(request => {
      const answer = request.head.includes(sentinel) ? response(200) : rig.answer(request);
      if (answer !== undefined) request.socket.write(answer);
    });
    const rig = new PacingRig(upstream);
    rig.gateway = await gatewayTo(upstream.url, { clock: rig.clock, ...options });
    return rig;
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.upstream.close();
  }

  configure(changes: Partial<GatewayConfig>): void {
    this.gateway.configure(configTo(this.upstream.url, changes));
  }

  get arrived(): RawRequest[] {
    return this.upstream.requests.filter(({ head }) => !head.includes(sentinel));
  }

  /** `GET /api/models` and the like, in the order of arrival at the server. */
  get lines(): string[] {
    return this.arrived.map(({ head }) => /^(\S+ \S+)/.exec(head)?.[1] ?? '');
  }

  ask(path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) {
    return fetch(this.gateway.url + path, { headers: withKey(headers), ...init });
  }

  /** One whose status alone matters. */
  async status(...asked: Parameters<PacingRig['ask']>): Promise<number> {
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

  /** When so many are told to wait. No time passes. */
  async waiting(count: number): Promise<void> {
    for (let turns = 0; this.#waiting() !== count; turns += 1) {
      assert.ok(turns < mostTurns, `${this.#waiting()} of ${count} wait`);
      await turn();
      this.clock.fire(150);
    }
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

/** The headers that tell of a window. */
export function window(remaining: number, seconds: number, bucket = 'api'): Record<string, string> {
  return {
    ratelimit: `"${bucket}";r=${remaining};t=${seconds}`,
    'ratelimit-policy': `"fixed window";"${bucket}";q=1000;w=300`,
  };
}

export const depleted =
  '{"error":"You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers."}';

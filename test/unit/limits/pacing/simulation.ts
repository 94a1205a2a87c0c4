import { parseProviderHeaders } from '../../../../src/limits/headers/providerHeaders.ts';
import { parseRateLimitHeaders } from '../../../../src/limits/headers/rateLimit.ts';
import { Pacer } from '../../../../src/limits/pacing/pacer.ts';
import { PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';
import { Events, luck } from './events.ts';
import type { Server } from './servers.ts';

export const start = Date.UTC(2026, 9, 14, 9, 30);

export interface Program {
  readonly name: string;
  readonly requests: number;
  /** Open requests at once. */
  readonly concurrency: number;
  /** Index of its gateway; undefined: the first one. */
  readonly gateway?: number;
  /** Tokens that each request really uses. */
  readonly tokens?: () => number;
  readonly estimate?: number;
  readonly patienceMs?: number;
}

export interface World {
  readonly server: Server;
  readonly programs: readonly Program[];
  readonly gateways?: number;
  /** How often gateways share learned limits; undefined: never. */
  readonly sharedEveryMs?: number;
  /** To the server, and back. */
  readonly wayMs: readonly [least: number, most: number];
  /** Duration of a stream after its head. */
  readonly serviceMs: number;
  readonly seed?: number;
}

export interface Outcome {
  refusedAtServer: number;
  seenByCallers: number;
  reachedServer: number;
  /** From the start to the last response. */
  totalMs: number;
  mostInFlight: number;
  /** By program, for each request from its arrival to its end. */
  readonly tookMs: Map<string, number[]>;
  readonly endedAtMs: Map<string, number>;
}

class Gateway {
  readonly pacer: Pacer;
  readonly #world: World;
  readonly #events: Events;
  readonly #random: () => number;
  readonly #outcome: Outcome;
  #lookAt = Number.POSITIVE_INFINITY;
  #inFlight = 0;

  constructor(name: string, world: World, events: Events, random: () => number, outcome: Outcome) {
    this.pacer = new Pacer({ gateway: name, random });
    this.#world = world;
    this.#events = events;
    this.#random = random;
    this.#outcome = outcome;
  }

  request(program: Program, ended: (seen: boolean) => void): void {
    const tokens = program.tokens?.() ?? 0;
    const ticket = new PaceTicket({
      limit: 'me|api',
      lane: 'me|api',
      program: program.name,
      tokens: program.estimate ?? 0,
      patienceEnd: this.#events.now + (program.patienceMs ?? 3_600_000),
      owner: { paced: turn => (turn === 'go' ? this.#send(ticket, tokens, ended) : ended(true)) },
    });
    this.#admit(ticket);
  }

  #admit(ticket: PaceTicket): void {
    const admission = this.pacer.admit(ticket, this.#events.now);
    if (admission !== 'hold') ticket.request.owner.paced(admission);
    this.look();
  }

  look(): void {
    const { now } = this.#events;
    const { go, late, lookAt } = this.pacer.next(now);
    for (const ticket of go) ticket.request.owner.paced('go');
    for (const ticket of late) ticket.request.owner.paced('late');
    if (lookAt === Number.POSITIVE_INFINITY || (lookAt >= this.#lookAt && this.#lookAt > now)) return;
    this.#lookAt = lookAt;
    this.#events.at(lookAt, () => {
      if (this.#lookAt <= this.#events.now) this.#lookAt = Number.POSITIVE_INFINITY;
      this.look();
    });
  }

  #send(ticket: PaceTicket, tokens: number, ended: (seen: boolean) => void): void {
    const { server, serviceMs } = this.#world;
    const outcome = this.#outcome;
    this.#inFlight += 1;
    outcome.mostInFlight = Math.max(outcome.mostInFlight, this.#inFlight);
    this.#events.after(this.#way(), () => {
      const { headers, refusal } = server.receive(this.#events.now, tokens);
      outcome.reachedServer += 1;
      this.#events.after(this.#way(), () => {
        const { now } = this.#events;
        const reported = [
          ...parseRateLimitHeaders(headers.ratelimit, headers['ratelimit-policy'], now),
          ...parseProviderHeaders(headers, 'cerebras', now),
        ];
        if (refusal) {
          outcome.refusedAtServer += 1;
          this.#inFlight -= 1;
          this.pacer.refused(ticket, refusal, reported, now);
          this.#admit(ticket);
          return;
        }
        this.pacer.answered(ticket, reported, now);
        this.look();
        this.#events.after(serviceMs * (0.5 + this.#random()), () => {
          server.done();
          this.#inFlight -= 1;
          this.pacer.ended(ticket);
          this.pacer.used(ticket, tokens);
          ended(false);
          this.look();
        });
      });
    });
  }

  #way(): number {
    const [least, most] = this.#world.wayMs;
    return Math.round(least + this.#random() ** 3 * (most - least));
  }
}

/** Runs all programs at once, until each has its last response. */
export function simulate(world: World): Outcome {
  const events = new Events(start);
  const random = luck(world.seed ?? 1);
  const outcome: Outcome = {
    refusedAtServer: 0,
    seenByCallers: 0,
    reachedServer: 0,
    totalMs: 0,
    mostInFlight: 0,
    tookMs: new Map(),
    endedAtMs: new Map(),
  };
  const gateways = Array.from(
    { length: world.gateways ?? 1 },
    (_, index) => new Gateway(`gateway ${index}`, world, events, random, outcome),
  );
  let open = 0;
  for (const program of world.programs) {
    const gateway = gateways[program.gateway ?? 0]!;
    const took: number[] = [];
    outcome.tookMs.set(program.name, took);
    let left = program.requests;
    const one = () => {
      if (left === 0) return;
      left -= 1;
      open += 1;
      const cameAt = events.now;
      gateway.request(program, seen => {
        open -= 1;
        if (seen) outcome.seenByCallers += 1;
        took.push(events.now - cameAt);
        outcome.totalMs = events.now - start;
        outcome.endedAtMs.set(program.name, outcome.totalMs);
        events.after(0, one);
      });
    };
    for (let index = 0; index < program.concurrency; index += 1) events.after(index, one);
  }
  const { sharedEveryMs } = world;
  const share = () => {
    const learned = gateways.flatMap(({ pacer }) => pacer.book.export(events.now));
    for (const gateway of gateways) {
      gateway.pacer.book.import(learned);
      gateway.look();
    }
    if (open > 0) events.after(sharedEveryMs ?? 0, share);
  };
  if (sharedEveryMs !== undefined) events.after(sharedEveryMs, share);
  events.run();
  return outcome;
}

import type { PaceTicket } from '../../limits/pacing/paceTicket.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { RequestTally } from '../../limits/requests/requestTally.ts';
import { type TokenUsage, tokenUsageIn } from '../../limits/requests/tokenUsage.ts';
import type { GatewayLedger, GatewayPrices, GatewayTimers } from '../options.ts';
import type { UsageObservation } from '../relay/usageObservation.ts';
import type { Hold } from '../upstream/payers.ts';
import { streamRefusal } from './streamRefusal.ts';

/** One request as it ended, before its usage was read. */
export interface Ended {
  /** Epoch ms. */
  readonly at: number;
  readonly status: number;
  readonly billedTo: string;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly durationMs: number;
  /** Nobody is billed for it. */
  readonly free: boolean;
  /** What Hugging Face may hold for it, until it knows what we know here. */
  readonly hold?: Hold;
  readonly ticket?: PaceTicket;
  /** Undefined: the body tells nothing about usage. */
  readonly body: UsageObservation | undefined;
}

/** Of a body; a promise while it is decompressed. */
type Text = string | Promise<string> | undefined;

type RecordLedger = Pick<GatewayLedger, 'recordTallies' | 'recordRefusals'>;

const mostRows = 100;
const batchMs = 100;
/** Prices that are being loaded are waited for so long, and not longer than a gateway that ends has. */
const mostPricingMs = 3_000;
const nanoPerUsd = 1_000_000_000;

/**
 * Writes down what passed, in batches and off the requests' way: reading the usage and an insert of its own for each
 * request would take more time than forwarding it.
 */
export class Recorder {
  readonly #ledger: RecordLedger;
  readonly #prices: GatewayPrices;
  readonly #timers: GatewayTimers;
  readonly #log: (line: string) => void;
  readonly #onUsed: (ticket: PaceTicket, tokens: number) => void;
  readonly #onRefusal: (refusal: Refusal) => void;
  /** With the last parts of their bodies, hence not many. */
  #ended: Ended[] = [];
  #refusals: Refusal[] = [];
  #timer: object | number | undefined;
  /** The list of prices is being loaded. */
  #pricing: Promise<void> | undefined;
  /** Batches whose bodies are being decompressed, or whose prices are loaded. */
  readonly #pending = new Set<Promise<void>>();

  constructor(options: {
    readonly ledger: RecordLedger;
    readonly prices: GatewayPrices;
    readonly timers: GatewayTimers;
    readonly log: (line: string) => void;
    /** What was really used of what a ticket estimated. */
    readonly onUsed: (ticket: PaceTicket, tokens: number) => void;
    /** One that was found at the end of a stream, too late for anything but to tell of it. */
    readonly onRefusal: (refusal: Refusal) => void;
  }) {
    this.#ledger = options.ledger;
    this.#prices = options.prices;
    this.#timers = options.timers;
    this.#log = options.log;
    this.#onUsed = options.onUsed;
    this.#onRefusal = options.onRefusal;
  }

  /** A request goes upstream that will cost something. */
  expects(): void {
    if (this.#pricing !== undefined) return;
    const loading = this.#prices.prepare();
    if (loading === undefined) return;
    this.#pricing = new Promise<void>(resolve => {
      const timer = this.#timers.setTimeout(resolve, mostPricingMs);
      void loading.then(() => {
        this.#timers.clearTimeout(timer);
        resolve();
      });
    }).then(() => {
      this.#pricing = undefined;
    });
  }

  ended(request: Ended): void {
    this.#ended.push(request);
    if (this.#ended.length >= mostRows) this.#write();
    else this.#schedule();
  }

  refused(refusal: Refusal): void {
    this.#refusals.push(refusal);
    this.#schedule();
  }

  /** Everything seen so far is in the ledger when it resolves. */
  async flush(): Promise<void> {
    this.#write();
    // what waits for prices may have to be decompressed then
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #schedule(): void {
    this.#timer ??= this.#timers.setTimeout(() => this.#write(), batchMs);
  }

  #write(): void {
    if (this.#timer !== undefined) this.#timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    const ended = this.#ended;
    const texts = ended.map(({ body }) => body?.text());
    const refusals = this.#refusals;
    this.#ended = [];
    this.#refusals = [];
    if (refusals.length > 0) this.#attempt(() => this.#ledger.recordRefusals(refusals));
    if (this.#pricing === undefined) this.#record(ended, texts);
    else this.#recordPriced(ended, texts, this.#pricing);
  }

  /** Those that need a price wait for it, together. */
  #recordPriced(ended: readonly Ended[], texts: readonly Text[], pricing: Promise<void>): void {
    const needsPrice = (index: number) => texts[index] !== undefined && ended[index]?.free === false;
    const part = (priced: boolean) =>
      [ended, texts].map(all => all.filter((_, index) => needsPrice(index) === priced)) as [Ended[], Text[]];
    this.#record(...part(false));
    this.#later(pricing.then(() => this.#record(...part(true))));
  }

  #record(ended: readonly Ended[], texts: readonly Text[]): void {
    const tallies: RequestTally[] = [];
    for (const [index, request] of ended.entries()) {
      const text = texts[index];
      if (text === undefined || typeof text === 'string') tallies.push(this.#tally(request, text));
      else this.#later(text.then(read => this.#record([request], [read])));
    }
    if (tallies.length > 0) this.#attempt(() => this.#ledger.recordTallies(tallies));
  }

  #later(recorded: Promise<void>): void {
    const done = recorded.then(() => {
      this.#pending.delete(done);
    });
    this.#pending.add(done);
  }

  /** A ledger that fails must not fail a request. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log(
        `gateway: not written to the ledger: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    }
  }

  /** Whoever ends with an error tells no usage. */
  #lookForRefusal({ at, status, billedTo, provider, model, durationMs }: Ended, text: string): void {
    if (status !== 200) return;
    const answeredBy = provider ?? 'huggingface';
    const facts = {
      status,
      headers: {},
      url: '',
      at: at + durationMs,
      source: 'gateway',
      answeredBy,
    } as const;
    const refusal = streamRefusal(text, { ...facts, billedTo, ...(model !== undefined && { model }) });
    if (refusal === undefined) return;
    this.#attempt(() => this.#ledger.recordRefusals([refusal]));
    this.#onRefusal(refusal);
  }

  #tally(request: Ended, text: string | undefined): RequestTally {
    const { at, status, billedTo, provider, model, durationMs, free, hold, ticket } = request;
    const usage = text ? tokenUsageIn(text) : undefined;
    if (usage === undefined && text) this.#lookForRefusal(request, text);
    const costNanoUsd = free ? 0 : usage && this.#cost(provider, model, usage);
    if (hold) hold.costNanoUsd = costNanoUsd;
    if (ticket && usage && ticket.request.tokens > 0) {
      this.#onUsed(ticket, (usage.promptTokens ?? 0) + (usage.completionTokens ?? 0));
    }
    const tally: { -readonly [Key in keyof RequestTally]: RequestTally[Key] } = {
      at,
      status,
      billedTo,
      durationMs,
    };
    if (provider !== undefined) tally.provider = provider;
    if (model !== undefined) tally.model = model;
    if (usage?.promptTokens !== undefined) tally.promptTokens = usage.promptTokens;
    if (usage?.completionTokens !== undefined) tally.completionTokens = usage.completionTokens;
    if (costNanoUsd !== undefined) tally.costNanoUsd = costNanoUsd;
    return tally;
  }

  /** What the provider says itself, else its tokens at the published price. */
  #cost(provider: string | undefined, model: string | undefined, usage: TokenUsage): number | undefined {
    if (usage.costUsd !== undefined) return amount(Math.round(usage.costUsd * nanoPerUsd));
    return provider === undefined || model === undefined
      ? undefined
      : amount(this.#prices.costNanoUsd(provider, model, usage));
  }
}

/** A price that could not be read makes an unknown amount. */
function amount(nanoUsd: number | undefined): number | undefined {
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : undefined;
}

import { messageOf } from '../../limits/messageOf.ts';
import type { PaceTicket } from '../../limits/pacing/paceTicket.ts';
import { partnerIn } from '../../limits/refusals/answeredBy.ts';
import { classifyStreamError, type Refusal, type ResponseFacts } from '../../limits/refusals/refusal.ts';
import type { RequestTally } from '../../limits/requests/requestTally.ts';
import { type TokenUsage, tokenUsageIn } from '../../limits/requests/tokenUsage.ts';
import type { GatewayLedger, GatewayPrices, GatewayTimers } from '../options.ts';
import type { UsageObservation } from '../relay/usageObservation.ts';
import type { UnsettledRequest } from '../upstream/payers.ts';
import type { Reservation } from '../upstream/spending.ts';

/** An ended request whose usage is not read yet. */
export interface EndedRequest {
  /** Epoch ms. */
  readonly at: number;
  readonly status: number;
  readonly billedTo: string;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly durationMs: number;
  /** Undefined: the answer was no stream, or none came. */
  readonly firstByteMs?: number;
  /** Costs nothing. */
  readonly free: boolean;
  /** Gets the cost. */
  readonly unsettled?: UnsettledRequest;
  readonly ticket?: PaceTicket;
  /** Gets the cost, too. */
  readonly reservation?: Reservation;
  /** Undefined: the body says nothing of usage. */
  readonly body: UsageObservation | undefined;
}

/** Text of a body; a promise while it is decompressed. */
type Text = string | Promise<string> | undefined;

type RecordLedger = Pick<GatewayLedger, 'recordTallies' | 'recordRefusals'>;

const maxRows = 250;
const batchMs = 100;
/** The longest wait for prices: less than a gateway has to end. */
const maxPricingMs = 3_000;
const nanoPerUsd = 1_000_000_000;

/**
 * Writes ended requests into the ledger, in batches: reading the usage and inserting a row takes more time than
 * forwarding a request.
 */
export class Recorder {
  readonly #ledger: RecordLedger;
  readonly #prices: GatewayPrices;
  readonly #timers: GatewayTimers;
  readonly #log: (line: string) => void;
  readonly #onUsed: (ticket: PaceTicket, tokens: number) => void;
  readonly #onRefusal: (refusal: Refusal) => void;
  readonly #onTallies: (tallies: readonly RequestTally[]) => void;
  readonly #workspace: () => string | undefined;
  /** Few: each holds the last parts of its body. */
  #ended: EndedRequest[] = [];
  #refusals: Refusal[] = [];
  #timer: object | number | undefined;
  /** While prices are loaded. */
  #pricing: Promise<void> | undefined;
  /** Batches that wait for prices, or for a body to be decompressed. */
  readonly #pending = new Set<Promise<void>>();

  constructor(options: {
    readonly ledger: RecordLedger;
    readonly prices: GatewayPrices;
    readonly timers: GatewayTimers;
    readonly log: (line: string) => void;
    /** Tokens used by a request whose ticket estimated them. */
    readonly onUsed: (ticket: PaceTicket, tokens: number) => void;
    /** A refusal at the end of a stream: too late to retry. */
    readonly onRefusal: (refusal: Refusal) => void;
    readonly onTallies?: (tallies: readonly RequestTally[]) => void;
    readonly workspace: () => string | undefined;
  }) {
    this.#ledger = options.ledger;
    this.#prices = options.prices;
    this.#timers = options.timers;
    this.#log = options.log;
    this.#onUsed = options.onUsed;
    this.#onRefusal = options.onRefusal;
    this.#onTallies = options.onTallies ?? (() => undefined);
    this.#workspace = options.workspace;
  }

  /** A request that will cost something goes upstream. */
  expects(): void {
    if (this.#pricing !== undefined) return;
    const loading = this.#prices.prepare();
    if (loading === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#timers.setTimeout(resolve, maxPricingMs);
    void loading.then(() => {
      this.#timers.clearTimeout(timer);
      resolve();
    });
    this.#pricing = promise.then(() => {
      this.#pricing = undefined;
    });
  }

  ended(request: EndedRequest): void {
    this.#ended.push(request);
    if (this.#ended.length >= maxRows) this.#write();
    else this.#schedule();
  }

  refused(refusal: Refusal): void {
    this.#refusals.push(refusal);
    this.#schedule();
  }

  /** Resolves when everything so far is in the ledger. */
  async flush(): Promise<void> {
    this.#write();
    // a batch that waited for prices may have bodies to decompress
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
    if (this.#pricing === undefined) this.#record(ended, texts);
    else this.#recordPriced(ended, texts, this.#pricing);
    // after the requests that may have used up what refuses
    if (refusals.length > 0) this.#attempt(() => this.#ledger.recordRefusals(refusals));
  }

  /** Requests that need a price wait for it together. */
  #recordPriced(ended: readonly EndedRequest[], texts: readonly Text[], pricing: Promise<void>): void {
    const needsPrice = (index: number) => texts[index] !== undefined && ended[index]?.free === false;
    const part = (priced: boolean) =>
      [ended, texts].map(all => all.filter((_, index) => needsPrice(index) === priced)) as [
        EndedRequest[],
        Text[],
      ];
    this.#record(...part(false));
    this.#later(pricing.then(() => this.#record(...part(true))));
  }

  #record(ended: readonly EndedRequest[], texts: readonly Text[]): void {
    const tallies: RequestTally[] = [];
    for (const [index, request] of ended.entries()) {
      const text = texts[index];
      if (text === undefined || typeof text === 'string') tallies.push(this.#guardedTally(request, text));
      else this.#later(text.then(read => this.#record([request], [read])));
    }
    if (tallies.length === 0) return;
    this.#attempt(() => this.#ledger.recordTallies(tallies));
    this.#onTallies(tallies);
  }

  #later(recorded: Promise<void>): void {
    const done = recorded.then(() => {
      this.#pending.delete(done);
    });
    this.#pending.add(done);
  }

  /** A failing ledger must not fail a request. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log(`gateway: not written to the ledger: ${messageOf(error)}`);
    }
  }

  /** A body without usage may end with an error. */
  #lookForRefusal({ at, status, billedTo, provider, model, durationMs }: EndedRequest, text: string): void {
    if (status !== 200) return;
    const answeredBy = provider ?? 'huggingface';
    const facts = {
      status,
      headers: {},
      url: '',
      at: at + durationMs,
      source: 'gateway',
      answeredBy,
      partner: partnerIn({ 'x-inference-provider': provider }),
    } as const;
    const refusal = streamRefusal(text, { ...facts, billedTo, ...(model !== undefined && { model }) });
    if (refusal === undefined) return;
    this.#attempt(() => this.#ledger.recordRefusals([refusal]));
    this.#onRefusal(refusal);
  }

  /** Without usage and cost when reading them fails. */
  #guardedTally(request: EndedRequest, text: string | undefined): RequestTally {
    try {
      return this.#tally(request, text);
    } catch (error) {
      this.#log(`gateway: usage not read: ${messageOf(error)}`);
      return this.#tally(request, undefined);
    }
  }

  #tally(request: EndedRequest, text: string | undefined): RequestTally {
    const { at, status, billedTo, provider, model, durationMs, firstByteMs, free } = request;
    const { unsettled, ticket, reservation } = request;
    const usage = text ? tokenUsageIn(text) : undefined;
    if (usage === undefined && text) this.#lookForRefusal(request, text);
    const costNanoUsd = free ? 0 : usage && this.#cost(provider, model, usage);
    if (unsettled) unsettled.costNanoUsd = costNanoUsd;
    reservation?.settle(status > 0 && status < 400 ? costNanoUsd : 0);
    if (ticket && usage && ticket.request.tokens > 0) {
      this.#onUsed(ticket, (usage.promptTokens ?? 0) + (usage.completionTokens ?? 0));
    }
    const tally: { -readonly [Key in keyof RequestTally]: RequestTally[Key] } = {
      at,
      status,
      billedTo,
      durationMs,
    };
    // Without the key anybody on this machine can vary them, and it is not the user's spend.
    const isNamed = !isOwnToken(billedTo);
    if (isNamed && provider !== undefined) {
      tally.provider = provider;
      if (firstByteMs !== undefined) tally.firstByteMs = firstByteMs;
    }
    if (isNamed && (provider !== undefined || !free)) {
      const workspace = this.#workspace();
      if (workspace !== undefined) tally.workspace = workspace;
    }
    if (isNamed && model !== undefined) tally.model = model;
    if (usage?.promptTokens !== undefined) tally.promptTokens = usage.promptTokens;
    if (usage?.completionTokens !== undefined) tally.completionTokens = usage.completionTokens;
    if (costNanoUsd !== undefined) tally.costNanoUsd = costNanoUsd;
    if (unsettled !== undefined && !free) tally.acceptedAt = unsettled.at;
    return tally;
  }

  /** The provider's own figure, else its tokens at the published price. */
  #cost(provider: string | undefined, model: string | undefined, usage: TokenUsage): number | undefined {
    if (usage.costUsd !== undefined) return amount(Math.round(usage.costUsd * nanoPerUsd));
    return provider === undefined || model === undefined
      ? undefined
      : amount(this.#prices.costNanoUsd(provider, model, usage));
  }
}

/** The caller's own token pays, whatever payer it names. */
function isOwnToken(billedTo: string): boolean {
  return /^own-token\b/.test(billedTo);
}

/** Undefined for an amount that is no safe integer: a price that could not be read. */
function amount(nanoUsd: number | undefined): number | undefined {
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : undefined;
}

/**
 * The refusal at the end of a response with status 200; undefined for a good end, and for an error that is no limit.
 * A model's own words stand in strings, where each quote has a backslash before it.
 * @param text the end of the body
 */
function streamRefusal(text: string, facts: Omit<ResponseFacts, 'bodyText'>): Refusal | undefined {
  const at = text.lastIndexOf('"error"');
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at);
  const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
  return classifyStreamError(facts, line);
}

import { type Budget, countedNanoUsd } from '../../billing/budget.ts';
import { monthStart, placeholderNanoUsd } from '../../limits/account/credits.ts';
import { formatUsd } from '../../limits/account/money.ts';
import type { PayerBalance } from '../../limits/account/payerBalance.ts';
import { mostPricedModels } from '../../limits/bounds.ts';
import { estimateUsage } from '../../limits/requests/tokenEstimate.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayEvent, GatewayLedger, GatewayPrices } from '../options.ts';

/** What a request in flight may cost, until its cost is known. */
export interface Reservation {
  readonly billedTo: string;
  /** Once. @param costNanoUsd undefined: not known, so Hugging Face's placeholder counts */
  settle(costNanoUsd: number | undefined): void;
}

/** What tells the likely cost of a request. */
export interface Priced {
  readonly model?: string;
  /** Undefined: the router chooses. */
  readonly provider?: string;
  /** Its JSON. */
  readonly body: string;
}

/** `wait`: what is in flight may use up the budget, or leave enough of it. */
export type Leave = Reservation | 'wait' | GatewayError;

export interface SpendingOptions {
  readonly ledger: Pick<GatewayLedger, 'tallyTotals'>;
  readonly prices: GatewayPrices;
  readonly now: () => number;
  readonly onEvent: (event: GatewayEvent) => void;
}

/** The ledger holds what other gateways spend. */
const rereadMs = 2_000;

interface Counted {
  /** Epoch ms of the reading. */
  readonly at: number;
  readonly month: number;
  /** In the ledger at that time, and settled here since. */
  nanoUsd: number;
}

/** Keeps what is billed within budgets: known costs, and the likely ones of requests in flight. */
export class Spending {
  readonly #options: SpendingOptions;
  #budgets: readonly Budget[];
  /** Since the start, by all payers. */
  #total = 0;
  /** Of requests in flight, by payer. */
  readonly #reserved = new Map<string, number>();
  readonly #counted = new Map<string, Counted>();
  readonly #reported = new Map<string, PayerBalance & { since: number }>();
  /** The dearest request so far, by model: an estimate may be too low. */
  readonly #dearest = new Map<string, number>();
  #paused = new Set<Budget>();

  constructor(budgets: readonly Budget[] = [], options: SpendingOptions) {
    this.#budgets = budgets;
    this.#options = options;
  }

  get isUnlimited(): boolean {
    return this.#budgets.length === 0;
  }

  configure(budgets: readonly Budget[] = []): void {
    if (JSON.stringify(budgets) === JSON.stringify(this.#budgets)) return;
    this.#budgets = budgets;
    this.#paused = new Set();
  }

  /** Another token: the figures may be of another account. */
  forgetBalances(): void {
    this.#reported.clear();
  }

  /** Hugging Face's own figure, in which all other programs of the payer are. */
  balance(payer: string, balance: PayerBalance): void {
    this.#reported.set(payer, { ...balance, since: 0 });
  }

  /** Undefined: no budget is set for this payer. */
  reserve(billedTo: string, request: Priced): Leave | undefined {
    const budgets = this.#budgets.filter(({ payer }) => payer === undefined || payer === billedTo);
    if (budgets.length === 0) return undefined;
    const likely = this.#likelyNanoUsd(request);
    let waits = false;
    for (const budget of budgets) {
      const { pauseAtNanoUsd, payer } = budget;
      const spent = this.#spentNanoUsd(payer);
      if (spent >= pauseAtNanoUsd) return this.#pause(budget, spent);
      const reserved = this.#reservedNanoUsd(payer);
      waits ||= reserved > 0 && spent + reserved + likely > pauseAtNanoUsd;
    }
    return waits ? 'wait' : this.#reserve(billedTo, request.model ?? '', likely);
  }

  /** The patience of a request that waits for others is over. */
  refusal(billedTo: string): GatewayError {
    const budget = this.#budgets.find(({ payer }) => payer === undefined || payer === billedTo);
    return budgetPaused(budget, this.#spentNanoUsd(budget?.payer));
  }

  #reserve(billedTo: string, model: string, nanoUsd: number): Reservation {
    this.#reserved.set(billedTo, (this.#reserved.get(billedTo) ?? 0) + nanoUsd);
    let isOpen = true;
    return {
      billedTo,
      settle: costNanoUsd => {
        if (!isOpen) return;
        isOpen = false;
        const rest = (this.#reserved.get(billedTo) ?? 0) - nanoUsd;
        if (rest > 0) this.#reserved.set(billedTo, rest);
        else this.#reserved.delete(billedTo);
        this.#settle(billedTo, model, costNanoUsd ?? placeholderNanoUsd);
      },
    };
  }

  #settle(billedTo: string, model: string, nanoUsd: number): void {
    this.#total += nanoUsd;
    const counted = this.#counted.get(billedTo);
    if (counted) counted.nanoUsd += nanoUsd;
    const reported = this.#reported.get(billedTo);
    if (reported) reported.since += nanoUsd;
    if (nanoUsd <= (this.#dearest.get(model) ?? 0)) return;
    if (this.#dearest.size >= mostPricedModels) this.#dearest.clear();
    this.#dearest.set(model, nanoUsd);
  }

  #likelyNanoUsd({ model, provider, body }: Priced): number {
    const usage = estimateUsage(body);
    const priced = model === undefined ? undefined : this.#options.prices.mostNanoUsd(provider, model, usage);
    return Math.max(priced ?? placeholderNanoUsd, this.#dearest.get(model ?? '') ?? 0);
  }

  #spentNanoUsd(payer: string | undefined): number {
    if (payer === undefined) return this.#total;
    const { now, ledger } = this.#options;
    const month = monthStart(now());
    let counted = this.#counted.get(payer);
    if (!counted || counted.month !== month || now() - counted.at >= rereadMs) {
      counted = { at: now(), month, nanoUsd: countedNanoUsd(ledger.tallyTotals(month), payer) };
      this.#counted.set(payer, counted);
    }
    const reported = this.#reported.get(payer);
    const isCurrent = reported !== undefined && monthStart(reported.asOf) === month;
    return Math.max(counted.nanoUsd, isCurrent ? reported.usedNanoUsd + reported.since : 0);
  }

  #reservedNanoUsd(payer: string | undefined): number {
    if (payer !== undefined) return this.#reserved.get(payer) ?? 0;
    return [...this.#reserved.values()].reduce((sum, nanoUsd) => sum + nanoUsd, 0);
  }

  #pause(budget: Budget, spentNanoUsd: number): GatewayError {
    if (!this.#paused.has(budget)) {
      this.#paused.add(budget);
      this.#options.onEvent({ kind: 'paused', ...budget, spentNanoUsd });
    }
    return budgetPaused(budget, spentNanoUsd);
  }
}

function budgetPaused(budget: Budget | undefined, spentNanoUsd: number): GatewayError {
  const spent = formatUsd(spentNanoUsd, 'en');
  const most = formatUsd(budget?.pauseAtNanoUsd ?? 0, 'en');
  const message =
    budget?.payer === undefined
      ? `Headroom paused what is billed: ${spent} of the cap of ${most} for this run is spent or in flight. Nothing was sent. Start it again with a higher --cap or --budget.`
      : `Headroom paused what is billed to ${budget.payer}: ${spent} of this month's ${most} is spent or in flight. Nothing was sent. Raise it ("headroom budget --pause-at USD", or Raise in VS Code), or choose another payer ("headroom bill").`;
  return { status: 402, code: 'budget_paused', message, headers: ['x-should-retry', 'false'] };
}

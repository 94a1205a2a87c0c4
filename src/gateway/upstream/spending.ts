import {
  type Budget,
  type BudgetScope,
  continues,
  countedNanoUsd,
  readDecision,
  scopeText,
  takeContinuation,
} from '../../billing/budget.ts';
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
  readonly ledger: Pick<
    GatewayLedger,
    'tallyTotals' | 'workspaceTotals' | 'getPreference' | 'setPreference' | 'swapPreference'
  >;
  readonly prices: GatewayPrices;
  readonly now: () => number;
  readonly onEvent: (event: GatewayEvent) => void;
}

/** The ledger holds what other gateways spend. */
const rereadMs = 2_000;

interface Counted {
  readonly payer: string;
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
  /** By `scopeText`. */
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
    const budgets = this.#budgetsOf(billedTo);
    if (budgets.length === 0) return undefined;
    const now = this.#options.now();
    const { ledger } = this.#options;
    const usedUp = budgets.filter(budget => this.#spentNanoUsd(budget) >= budget.pauseAtNanoUsd);
    const paused = usedUp.find(budget => !isScoped(budget) || !continues(readDecision(ledger, budget), now));
    if (paused) return this.#pause(paused);
    const likely = this.#likelyNanoUsd(request);
    if (budgets.some(budget => !usedUp.includes(budget) && this.#isNear(budget, likely))) return 'wait';
    const taken = usedUp.find(budget => !isScoped(budget) || !takeContinuation(ledger, budget, now));
    return taken ? this.#pause(taken) : this.#reserve(billedTo, request.model ?? '', likely);
  }

  /** The patience of a request that waits for others is over. */
  refusal(billedTo: string): GatewayError {
    const [budget] = this.#budgetsOf(billedTo).sort((one, other) => this.#left(one) - this.#left(other));
    return this.#pause(budget ?? { pauseAtNanoUsd: 0 });
  }

  #budgetsOf(billedTo: string): Budget[] {
    return this.#budgets.filter(({ payer }) => payer === undefined || payer === billedTo);
  }

  /** What is in flight may use up the rest. */
  #isNear(budget: Budget, likelyNanoUsd: number): boolean {
    return this.#reservedNanoUsd(budget.payer) > 0 && this.#left(budget) < likelyNanoUsd;
  }

  /** Nano-USD that neither are spent nor may be spent by requests in flight. */
  #left(budget: Budget): number {
    return budget.pauseAtNanoUsd - this.#spentNanoUsd(budget) - this.#reservedNanoUsd(budget.payer);
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
    for (const counted of this.#counted.values()) if (counted.payer === billedTo) counted.nanoUsd += nanoUsd;
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

  #spentNanoUsd(budget: Budget): number {
    if (!isScoped(budget)) return this.#total;
    const { now, ledger } = this.#options;
    const month = monthStart(now());
    const key = scopeText(budget);
    let counted = this.#counted.get(key);
    if (!counted || counted.month !== month || now() - counted.at >= rereadMs) {
      const { payer } = budget;
      counted = { payer, at: now(), month, nanoUsd: countedNanoUsd(ledger, budget, month) };
      this.#counted.set(key, counted);
    }
    // Hugging Face knows no folders
    const reported = budget.workspace === undefined ? this.#reported.get(budget.payer) : undefined;
    const isCurrent = reported !== undefined && monthStart(reported.asOf) === month;
    return Math.max(counted.nanoUsd, isCurrent ? reported.usedNanoUsd + reported.since : 0);
  }

  #reservedNanoUsd(payer: string | undefined): number {
    if (payer !== undefined) return this.#reserved.get(payer) ?? 0;
    return [...this.#reserved.values()].reduce((sum, nanoUsd) => sum + nanoUsd, 0);
  }

  #pause(budget: Budget): GatewayError {
    const spentNanoUsd = this.#spentNanoUsd(budget);
    if (!this.#paused.has(budget)) {
      this.#paused.add(budget);
      this.#options.onEvent({ kind: 'paused', ...budget, spentNanoUsd });
    }
    return budgetPaused(budget, spentNanoUsd + this.#reservedNanoUsd(budget.payer));
  }
}

function isScoped(budget: Budget): budget is Budget & BudgetScope {
  return budget.payer !== undefined;
}

function budgetPaused({ payer, workspace, pauseAtNanoUsd }: Budget, usedNanoUsd: number): GatewayError {
  const used = formatUsd(usedNanoUsd, 'en');
  const most = formatUsd(pauseAtNanoUsd, 'en');
  const where = workspace === undefined ? '' : ' in this folder';
  const here = workspace === undefined ? '' : ' --here';
  const message =
    payer === undefined
      ? `Headroom paused what is billed: ${used} of the cap of ${most} for this run is spent or in flight. Nothing was sent. Start it again with a higher --cap or --budget.`
      : `Headroom paused what is billed to ${payer}${where}: ${used} of this month's ${most} is spent or in flight. Nothing was sent. Raise it ("headroom budget${here} --pause-at USD", or Raise in VS Code), or choose another payer ("headroom bill").`;
  return { status: 402, code: 'budget_paused', message, headers: ['x-should-retry', 'false'] };
}

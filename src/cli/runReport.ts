import type { HeldRequests } from '../gateway/options.ts';
import { formatUsd } from '../limits/account/money.ts';
import { mostNamesInHour } from '../limits/bounds.ts';
import type { RequestTally } from '../limits/requests/requestTally.ts';
import { visible } from './visibleText.ts';

interface ModelSum {
  requests: number;
  refused: number;
  costNanoUsd: number;
  uncosted: number;
}

/** What a run cost by model, what was refused, and what waited. */
export class RunReport {
  readonly #capNanoUsd: number | undefined;
  readonly #now: () => number;
  readonly #sums = new Map<string, ModelSum>();
  /** Epoch ms since which requests wait. */
  #heldSince: number | undefined;
  #heldMs = 0;

  constructor(capNanoUsd: number | undefined, now: () => number) {
    this.#capNanoUsd = capNanoUsd;
    this.#now = now;
  }

  add(tallies: readonly RequestTally[]): void {
    for (const { status, model, provider, costNanoUsd } of tallies) {
      const name = [model ?? 'Hub and others', provider].filter(Boolean).join(' · ');
      const known =
        this.#sums.get(name) ?? (this.#sums.size < mostNamesInHour ? undefined : this.#sums.get('others'));
      const sum = known ?? { requests: 0, refused: 0, costNanoUsd: 0, uncosted: 0 };
      if (!known) this.#sums.set(this.#sums.size < mostNamesInHour ? name : 'others', sum);
      sum.requests += 1;
      if (status === 402 || status === 429) sum.refused += 1;
      else if (costNanoUsd !== undefined) sum.costNanoUsd += costNanoUsd;
      else if (status > 0 && status < 400) sum.uncosted += 1;
    }
  }

  held(held: readonly HeldRequests[]): void {
    if (held.length > 0) this.#heldSince ??= this.#now();
    else if (this.#heldSince !== undefined) {
      this.#heldMs += this.#now() - this.#heldSince;
      this.#heldSince = undefined;
    }
  }

  text(): string {
    this.held([]);
    const rows = [...this.#sums].sort(([, one], [, other]) => other.costNanoUsd - one.costNanoUsd);
    const total = (of: (sum: ModelSum) => number) => rows.reduce((sum, [, row]) => sum + of(row), 0);
    const cap = this.#capNanoUsd === undefined ? '' : ` of the cap of ${exact(this.#capNanoUsd)}`;
    const lines = [
      `headroom: ${exact(total(sum => sum.costNanoUsd))}${cap} in ${total(sum => sum.requests)} requests, counted here.`,
      ...rows.map(
        ([name, sum]) => `  ${exact(sum.costNanoUsd).padStart(10)}  ${visible(name)}: ${words(sum)}`,
      ),
    ];
    if (this.#heldMs >= 1_000)
      lines.push(`  Requests waited in front of limits for ${Math.round(this.#heldMs / 1_000)} s in all.`);
    return `${lines.join('\n')}\n`;
  }
}

function words({ requests, refused, uncosted }: ModelSum): string {
  return [
    `${requests} requests`,
    refused > 0 && `${refused} refused`,
    uncosted > 0 && `${uncosted} of unknown cost`,
  ]
    .filter(Boolean)
    .join(', ');
}

const small = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
});

/** A request may cost a hundred-thousandth of a dollar. */
function exact(nanoUsd: number): string {
  return nanoUsd > 0 && nanoUsd < 100_000_000 ? small.format(nanoUsd / 1e9) : formatUsd(nanoUsd, 'en');
}

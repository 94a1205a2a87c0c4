import type { ProviderWindowJson, StatusJson } from '../json/statusShape.ts';
import { age, dash, number, until } from './moneyRows.ts';
import { nearlyFullFraction } from './otherRows.ts';
import type { Row, Section } from './statusTable.ts';

const oldMs = 60_000;

/** What gateways were told of providers' windows. No section where nobody told of any. */
export function providerSections({ providerWindows }: StatusJson, now: number): Section[] {
  const columns = [{ shrinks: true }, { align: 'right' }, {}, {}] as const;
  return [...Map.groupBy(providerWindows, heading)].map(([heading, windows]) => ({
    heading,
    columns,
    rows: windows.map(window => row(window, now)),
  }));
}

/** Names of models are long: one line for all windows of one. */
function heading({ provider, model, shared }: ProviderWindowJson): string {
  if (shared) return `Limits of Hugging Face's account at ${provider}, shared by all its users`;
  return `Limits of your ${provider} key${model === null ? '' : ` for ${model}`}`;
}

function row(window: ProviderWindowJson, now: number): Row {
  const { shared, remaining, limit, resetsAt, asOf } = window;
  const known = (count: number | null) => (count === null ? dash : number(count));
  const nearlyFull = limit !== null && remaining !== null && remaining <= limit * (1 - nearlyFullFraction);
  return {
    cells: [
      window.window,
      `${known(remaining)} left of ${known(limit)}`,
      resetsAt === null ? '' : `anew ${until(resetsAt, now)}`,
      asOf === null || now - Date.parse(asOf) < oldMs ? '' : `told ${age(asOf, now)}`,
    ],
    mark: shared || !nearlyFull ? undefined : remaining === 0 ? 'error' : 'warning',
  };
}

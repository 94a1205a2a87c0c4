import * as l10n from '@vscode/l10n';
import { providerName } from '../../billing/providers.ts';
import type { RefusalTotal } from '../../limits/requests/countedSpan.ts';
import { causeLabel, refusalCauses } from '../refusals/refusalLabels.ts';
import { formatCount, joined } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import type { Binned } from './binned.ts';
import { countCell, names, numbers, textCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel } from './dashboardState.ts';
import { type SplitOptions, splitOf } from './series.ts';
import { countedProblem, localClock } from './sourceNotes.ts';

/** The ledger keeps them so long. */
const keptMs = 90 * 86_400_000;

/** Refusals over time, by cause and by server. */
export function refusalsPanel(input: DashboardInput, local: Binned): Panel {
  const { now, locale } = input;
  const all = local.spans.flatMap(({ refusals }) => refusals);
  const split = (id: 'cause' | 'by', label: string, labelOf: (name: string) => string) => {
    const addAmounts: SplitOptions['addAmounts'] = ({ refusals }, add) => {
      for (const total of refusals) add(total[id], total.count);
    };
    return splitOf(local, now - keptMs, { id, label, labelOf, addAmounts });
  };
  const problem = countedProblem(input);
  return {
    id: 'refusals',
    title: l10n.t('Refusals'),
    summary: summaryOf(all, locale),
    source: 'counted-here',
    note: joined([
      l10n.t('Counted here, wherever Headroom saw them, for 90 days'),
      localClock(input, local.bins[0]?.from ?? now),
    ]),
    ...(problem !== undefined && { problem }),
    action: { id: 'open-refusals', label: l10n.t('Show refusals') },
    chart: {
      kind: 'bins',
      unit: 'refusals',
      bins: [...local.bins],
      splits: [split('cause', l10n.t('Cause'), causeOf), split('by', l10n.t('Refused by'), serverOf)],
    },
    table: {
      columns: [
        names('cause', l10n.t('Cause')),
        names('refused_by', l10n.t('Refused by')),
        numbers('refusals', l10n.t('Refusals')),
      ],
      rows: added(all).map(({ cause, by, count }) => [
        { text: causeOf(cause), value: cause },
        textCell(serverOf(by)),
        countCell(count, locale),
      ]),
    },
  };
}

function causeOf(cause: string): string {
  const known = refusalCauses.find(each => each === cause);
  return known === undefined ? cause : causeLabel(known);
}

function serverOf(by: string): string {
  return by === 'huggingface' ? l10n.t('Hugging Face') : oneLine(providerName(by), 40);
}

/** One row for each cause and server, the most first. */
function added(totals: readonly RefusalTotal[]): RefusalTotal[] {
  const groups = Map.groupBy(totals, ({ cause, by }) => `${cause} ${by}`);
  const rows = [...groups.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, count: more.reduce((sum, { count }) => sum + count, first.count) }] : [],
  );
  return rows.sort((a, b) => b.count - a.count);
}

function summaryOf(totals: readonly RefusalTotal[], locale: string): string {
  const count = totals.reduce((sum, total) => sum + total.count, 0);
  if (count === 0) return l10n.t('Nothing was refused in this time.');
  const [first] = [...Map.groupBy(totals, ({ cause }) => cause)]
    .map(([cause, of]) => ({ cause, count: of.reduce((sum, total) => sum + total.count, 0) }))
    .sort((a, b) => b.count - a.count);
  const most = first === undefined ? '' : causeOf(first.cause);
  return count === 1
    ? l10n.t('1 refusal: {0}.', most)
    : l10n.t('{0} refusals, most of them: {1}.', formatCount(count, locale), most);
}

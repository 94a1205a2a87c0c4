import * as l10n from '@vscode/l10n';
import { formatDuration } from '../../limits/headers/duration.ts';
import { joined } from '../text/counts.ts';
import type { Binned } from './binned.ts';
import { countCell, durationCell, names, numbers, textCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel } from './dashboardState.ts';
import { requestNames } from './requestNames.ts';
import { added, offerOf, type Sums, sumsOf } from './requestSums.ts';
import { countedNote, countedProblem, localClock } from './sourceNotes.ts';

const mostBars = 20;
const mostRows = 200;

/** Mean times by provider and model. The ledger keeps sums, so there is no median and no slowest one. */
export function latencyPanel(input: DashboardInput, local: Binned): Panel {
  const { now, locale } = input;
  const named = requestNames(input);
  const pairs = [...sumsOf(local.spans, 'offer')]
    .map(([id, sum]) => ({ id, ...offerOf(id), sum }))
    .filter(({ provider, sum }) => provider !== '' && sum.timed > 0)
    .sort((a, b) => b.sum.timed - a.sum.timed)
    .slice(0, mostRows)
    .map(pair => ({ ...pair, provider: named.provider(pair.provider), model: named.model(pair.model) }));
  const bars = pairs.slice(0, mostBars).sort((a, b) => mean(b.sum) - mean(a.sum));
  const problem = countedProblem(input);
  return {
    id: 'latency',
    title: l10n.t('How fast models answer'),
    summary: summaryOf(added(pairs.map(({ sum }) => sum)), locale),
    source: 'counted-here',
    note: countedNote(
      joined([
        l10n.t('means of successful requests, from their arrival at the gateway, waits included'),
        localClock(input, local.bins[0]?.from ?? now),
      ]),
    ),
    ...(problem !== undefined && { problem }),
    chart: {
      kind: 'amounts',
      unit: 'ms',
      rows: bars.map(({ id, provider, model, sum }) => ({
        id,
        label: joined([model, provider]),
        value: Math.round(mean(sum)),
        text: meansText(sum, locale),
      })),
    },
    table: {
      columns: [
        names('provider', l10n.t('Provider')),
        names('model', l10n.t('Model')),
        numbers('requests', l10n.t('Requests')),
        numbers('mean_duration_ms', l10n.t('Mean duration')),
        numbers('streams', l10n.t('Streams')),
        numbers('mean_time_to_first_byte_ms', l10n.t('Mean time to first byte of a stream')),
      ],
      rows: pairs.map(({ provider, model, sum }) => [
        textCell(provider),
        textCell(model),
        countCell(sum.timed, locale),
        durationCell(mean(sum), locale),
        countCell(sum.streamed, locale),
        durationCell(meanFirstByte(sum), locale),
      ]),
    },
  };
}

function mean({ durationMs, timed }: Sums): number {
  return durationMs / timed;
}

/** Undefined: no answer was streamed. */
function meanFirstByte({ firstByteMs, streamed }: Sums): number | undefined {
  return streamed === 0 ? undefined : firstByteMs / streamed;
}

/** `1.2 s · first byte 0.3 s` */
function meansText(sum: Sums, locale: string): string {
  const first = meanFirstByte(sum);
  return joined([
    formatDuration(mean(sum), locale),
    first !== undefined && l10n.t('first byte {0}', formatDuration(first, locale)),
  ]);
}

function summaryOf(all: Sums, locale: string): string {
  if (all.timed === 0) return l10n.t('No model answered through the gateway in this time.');
  const took = formatDuration(mean(all), locale);
  const first = meanFirstByte(all);
  if (first === undefined) return l10n.t('An answer took {0} on average. None was streamed.', took);
  return l10n.t(
    'An answer took {0} on average; a stream began after {1}.',
    took,
    formatDuration(first, locale),
  );
}

import * as l10n from '@vscode/l10n';
import { formatIn } from '../../limits/headers/duration.ts';
import { usedOf } from '../../limits/headers/rateLimit.ts';
import { single } from '../account/parts.ts';
import {
  hubWindows,
  providerWindows,
  type ShownWindow,
  windowName,
  windowTitle,
} from '../account/windows.ts';
import { formatCount, joined } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import { fullestText } from '../text/windowText.ts';
import { countCell, dash, names, numbers, textCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Chart, Panel, Table } from './dashboardState.ts';
import { partsProblem } from './partsProblem.ts';
import { huggingFaceNote } from './sourceNotes.ts';

type Gauge = Extract<Chart, { kind: 'gauges' }>['gauges'][number];

/** Rate windows: the Hub's live ones, and those that providers reported to gateways. */
export function windowsPanel(input: DashboardInput): Panel {
  const hub = hubWindows(input);
  const windows = [...hub, ...providerWindows(input)].slice(0, 100);
  const named = single('gauges', input.snapshot.gauges);
  return {
    id: 'windows',
    title: l10n.t('Rate limits now'),
    summary: summaryOf(windows),
    source: 'hugging-face',
    note: joined([
      huggingFaceNote(latest(hub) ?? named.asOf, input, l10n.t('live')),
      windows.length > hub.length && l10n.t('providers’ windows as they told the gateway'),
    ]),
    action: { id: 'show-limits', label: l10n.t('Show limits') },
    ...partsProblem([named], input),
    chart: { kind: 'gauges', gauges: windows.map(window => gaugeOf(window, input)) },
    table: {
      columns: [
        names('server', l10n.t('Server')),
        names('model', l10n.t('Model')),
        names('window', l10n.t('Window')),
        numbers('remaining', l10n.t('Left')),
        numbers('limit', l10n.t('Limit')),
        numbers('window_seconds', l10n.t('Seconds')),
        names('resets_at', l10n.t('Opens anew')),
      ],
      rows: windows.map(window => rowOf(window, input)),
    },
  };
}

function latest(windows: readonly ShownWindow[]): number | undefined {
  return windows.length === 0 ? undefined : Math.max(...windows.map(({ asOf }) => asOf));
}

function gaugeOf(window: ShownWindow, { now, locale }: DashboardInput): Gauge {
  const { limit, resetsAt, state, provider, bucket, model } = window;
  const left = leftOf(window);
  const known = left !== undefined && limit !== undefined;
  const levels = { full: 'out', 'nearly-full': 'low', ok: 'fine' } as const;
  return {
    id: [provider ?? '', model ?? '', bucket].join('/'),
    label: joined([windowTitle(window), model !== undefined && oneLine(model, 60)]),
    left: known && limit > 0 ? Math.min(1, Math.max(0, left / limit)) : null,
    value: valueText(left, limit, locale),
    ...(resetsAt !== undefined && resetsAt > now && { resetsAt }),
    level: state === undefined ? 'unknown' : levels[state],
  };
}

function valueText(left: number | undefined, limit: number | undefined, locale: string): string {
  if (left === undefined) {
    return limit === undefined ? '–' : l10n.t('– of {0}', formatCount(limit, locale));
  }
  const count = formatCount(left, locale);
  return limit === undefined
    ? l10n.t('{0} left', count)
    : l10n.t('{0} of {1} left', count, formatCount(limit, locale));
}

/** Undefined: not known, also for a window that is over. */
function leftOf(window: ShownWindow): number | undefined {
  const { remaining, limit, isOver } = window;
  if (isOver) return undefined;
  const used = usedOf(window);
  return remaining ?? (limit !== undefined && used !== undefined ? Math.max(0, limit - used) : undefined);
}

function rowOf(window: ShownWindow, { now, locale }: DashboardInput): Table['rows'][number] {
  const { provider, model, limit, windowSeconds, resetsAt } = window;
  const opens = resetsAt !== undefined && resetsAt > now;
  return [
    textCell(provider ?? l10n.t('Hub')),
    model === undefined ? dash : textCell(model),
    textCell(windowName(window)),
    countCell(leftOf(window), locale),
    countCell(limit, locale),
    countCell(windowSeconds, locale),
    opens ? { text: formatIn(resetsAt - now, locale), value: new Date(resetsAt).toISOString() } : dash,
  ];
}

/** `Downloads nearly full`, else how many windows are known. */
function summaryOf(windows: readonly ShownWindow[]): string {
  if (windows.length === 0) return l10n.t('No rate limits are known yet.');
  const own = windows.filter(({ isShownOnly }) => !isShownOnly);
  return fullestText(own, windowTitle) || l10n.t('Every known window has room.');
}

import * as v from 'valibot';
import { mostShownSwitches } from '../../limits/bounds.ts';

// What the extension and the dashboard's page send each other. Both sides check it: a webview's messages are data.

const text = v.pipe(v.string(), v.maxLength(2_000));
const count = v.pipe(v.number(), v.finite());
const list = <T extends v.GenericSchema>(item: T, most: number) => v.pipe(v.array(item), v.maxLength(most));

/** The time that charts cover. All but `year` and `90-days` are told to the day. */
export const ranges = ['7-days', '30-days', 'month', 'last-month', '90-days', 'year'] as const;
const range = v.picklist(ranges);

/** What a value counts, for axes and hover values; money is nano-USD. */
const unit = v.picklist(['nano-usd', 'requests', 'tokens', 'refusals', 'ms']);

const series = v.object({
  /** Stable over updates: colours and focus follow it. */
  id: text,
  label: text,
  /** One for each bin; null: not known. */
  values: list(v.nullable(count), 400),
});

/** Bars over time. */
const bins = v.object({
  kind: v.literal('bins'),
  unit,
  /** `label` is for axis and hover. Epoch ms. */
  bins: list(v.object({ from: count, until: count, label: text }), 400),
  /** The ways to split the same sums; one is shown at a time. */
  splits: list(v.object({ id: text, label: text, series: list(series, 12) }), 8),
  /** What happened at a time that explains the bars. Epoch ms; `time` is in the bins' clock. */
  events: v.optional(list(v.object({ at: count, label: text, time: text }), mostShownSwitches)),
});

/** Spend of one month that adds up, and what it will come to. */
const forecast = v.object({
  kind: v.literal('forecast'),
  /** Epoch ms of the UTC month. */
  from: count,
  until: count,
  /** In order; a null amount breaks the line: a gap. */
  points: list(v.object({ at: count, nanoUsd: v.nullable(count) }), 1_000),
  band: list(v.object({ at: count, low: count, likely: count, high: count }), 40),
  /** Horizontal lines: included credits, limit, budget. */
  marks: list(v.object({ id: text, label: text, nanoUsd: count }), 6),
});

/** Shares of a whole, such as rate windows: filled is what is left. */
const gauges = v.object({
  kind: v.literal('gauges'),
  gauges: list(
    v.object({
      id: text,
      label: text,
      /** 0 to 1; null: not known. */
      left: v.nullable(count),
      /** "11,990 of 12,000 left" */
      value: text,
      /** Epoch ms: counted down by the page. */
      resetsAt: v.optional(count),
      level: v.picklist(['fine', 'low', 'out', 'unknown']),
    }),
    100,
  ),
});

/** Amounts side by side, the greatest first. */
const amounts = v.object({
  kind: v.literal('amounts'),
  unit,
  rows: list(v.object({ id: text, label: text, value: v.nullable(count), text }), 100),
});

const cell = v.object({
  text,
  /** For exports, and to sort by. Money in nano-USD, times in epoch ms; null: not known. */
  value: v.optional(v.nullable(v.union([count, text]))),
});

const table = v.object({
  /** `id` heads the column in exports: English, with its unit, as in `cost_nano_usd`. */
  columns: list(v.object({ id: text, label: text, isNumber: v.boolean() }), 16),
  rows: list(list(cell, 16), 2_000),
});

const actionId = v.picklist([
  'switch-billing',
  'open-billing',
  'set-budget',
  'sign-in',
  'refresh',
  'show-limits',
  'open-refusals',
  'make-token',
  'open-token-page',
  'open-status-page',
  'show-log',
]);

const panel = v.object({
  id: v.picklist(['credits', 'spend', 'use', 'latency', 'refusals', 'windows', 'endpoints', 'prices']),
  title: text,
  /** One sentence: the headline figure in words. */
  summary: text,
  /** Further sentences, in smaller type. */
  detail: v.optional(text),
  /** Never mixed in one chart. */
  source: v.picklist(['hugging-face', 'counted-here']),
  /** The source and the clock in words: "From Hugging Face · days in UTC · 40 s ago" */
  note: text,
  /** What is missing and how to mend it; charts of what is known stay. */
  problem: v.optional(text),
  action: v.optional(v.object({ id: actionId, label: text })),
  chart: v.optional(v.variant('kind', [bins, forecast, gauges, amounts])),
  /** The same figures; also what is exported. */
  table,
});

/** Everything on the page, in the reader's language. */
export const dashboardState = v.object({
  /** BCP 47. */
  locale: text,
  /** IANA name of the reader's days; undefined: the computer's. */
  timeZone: v.optional(text),
  /** Epoch ms by this computer's clock, as are the resets. */
  now: count,
  /** "acme pays · Team" */
  title: text,
  range,
  /** The page's own words, by the names in `dashboardWords.ts`. */
  words: v.record(text, text),
  panels: list(panel, 8),
});

/** From the extension to the page. */
export const messageToPage = v.variant('kind', [
  v.object({ kind: v.literal('state'), state: dashboardState }),
  /** The panels of the last state that changed. */
  v.object({ kind: v.literal('panels'), now: count, panels: list(panel, 8) }),
  v.object({ kind: v.literal('failed'), message: text }),
  v.object({ kind: v.literal('exported'), message: text }),
]);

/** From the page to the extension. */
export const messageFromPage = v.variant('kind', [
  /** The page wants the state, for the range that VS Code kept for it. */
  v.object({ kind: v.literal('ready'), range: v.optional(range) }),
  /** A message did not fit the schema; the reason has no values of it. */
  v.object({ kind: v.literal('unreadable'), reason: text }),
  v.object({ kind: v.literal('range'), range }),
  v.object({ kind: v.literal('run'), action: actionId }),
  v.object({
    kind: v.literal('export'),
    format: v.picklist(['csv', 'json']),
    panel: v.optional(panel.entries.id),
  }),
  /** The page to print, as HTML. `theme` has VS Code's variables as CSS, `themeKind` their classes. */
  v.object({
    kind: v.literal('export-page'),
    body: v.pipe(v.string(), v.maxLength(8_000_000)),
    theme: v.pipe(v.string(), v.maxLength(500_000)),
    themeKind: text,
  }),
  /** A picture of one chart: at most 8 MB of base64. */
  v.object({
    kind: v.literal('export-png'),
    panel: panel.entries.id,
    data: v.pipe(v.string(), v.base64(), v.maxLength(8_000_000)),
  }),
]);

export type Range = v.InferOutput<typeof range>;
export type Unit = v.InferOutput<typeof unit>;
export type DashboardState = v.InferOutput<typeof dashboardState>;
export type Panel = v.InferOutput<typeof panel>;
export type PanelId = Panel['id'];
export type Chart = NonNullable<Panel['chart']>;
export type Table = v.InferOutput<typeof table>;
export type DashboardAction = v.InferOutput<typeof actionId>;
export type MessageToPage = v.InferOutput<typeof messageToPage>;
export type MessageFromPage = v.InferOutput<typeof messageFromPage>;

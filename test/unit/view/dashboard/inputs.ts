import { DashboardReader } from '../../../../src/ledger/dashboardReader.ts';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { openMemoryLedger } from '../../../../src/ledger/openLedger.ts';
import type { BillingSwitch } from '../../../../src/limits/account/billingSwitch.ts';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../../../src/limits/requests/requestTally.ts';
import { dashboardSpans } from '../../../../src/view/dashboard/bins.ts';
import type { DashboardInput } from '../../../../src/view/dashboard/dashboardInput.ts';
import { dashboardPanels } from '../../../../src/view/dashboard/dashboardPanels.ts';
import type { Chart, Panel, PanelId } from '../../../../src/view/dashboard/dashboardState.ts';
import { aSnapshot, viewInput } from '../builders.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** A Monday, half a month after summer time began in Europe. */
export const noon = Date.UTC(2026, 3, 13, 12);

/** Every whole offset, and zones with half and quarter hours, and with summer time. */
export const zones = [
  ...Array.from({ length: 27 }, (_, index) => 12 - index).map(
    hours => `Etc/GMT${hours < 0 ? '' : '+'}${hours}`,
  ),
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Chatham',
  'Europe/Berlin',
  'America/New_York',
  'Africa/Cairo',
];
export function tally(change: Partial<RequestTally> = {}): RequestTally {
  return {
    at: noon,
    status: 200,
    billedTo: 'personal',
    provider: 'groq',
    model: 'org/model',
    promptTokens: 500,
    completionTokens: 90,
    costNanoUsd: 120_000,
    durationMs: 800,
    ...change,
  };
}

interface Recorded {
  readonly tallies?: readonly RequestTally[];
  readonly refusals?: readonly Refusal[];
  readonly switches?: readonly BillingSwitch[];
  readonly folders?: Readonly<Record<string, string>>;
}

type Change = Partial<Omit<DashboardInput, 'counted'>>;

/** In memory. */
export function ledgerOf({ tallies = [], refusals = [], switches = [], folders = {} }: Recorded): Ledger {
  const ledger = openMemoryLedger({ now: () => noon });
  for (let from = 0; from < tallies.length; from += 250)
    ledger.recordTallies(tallies.slice(from, from + 250));
  ledger.recordRefusals(refusals);
  for (const each of switches) ledger.recordSwitch(each);
  for (const [id, name] of Object.entries(folders)) ledger.setPreference(`folder/${id}`, name);
  return ledger;
}

export function inputFrom(ledger: Ledger, change: Change = {}): DashboardInput {
  const view = { ...viewInput(aSnapshot().signedIn().withAccount().withCredits(), { now: noon }), ...change };
  const range = change.range ?? '30-days';
  const spans = dashboardSpans(range, view.now, view.timeZone);
  return { ...view, range, counted: new DashboardReader(ledger).read(spans, view.now) };
}

/** The dashboard's input with what a ledger counted of these requests. */
export function dashboardInput({
  tallies,
  refusals,
  switches,
  folders,
  ...change
}: Change & Recorded = {}): DashboardInput {
  const ledger = ledgerOf({ tallies, refusals, switches, folders });
  const input = inputFrom(ledger, change);
  ledger.close();
  return input;
}

export function panelOf(id: PanelId, input: DashboardInput): Panel {
  const panel = dashboardPanels(input).find(each => each.id === id);
  if (!panel) throw new Error(`no panel ${id}`);
  return panel;
}

export function binsOf({ chart }: Panel): Extract<Chart, { kind: 'bins' }> {
  if (chart?.kind !== 'bins') throw new Error('no bins');
  return chart;
}

/** A row's cells as `column: text`. */
export function rowsOf({ table }: Panel): Record<string, string>[] {
  return table.rows.map(cells =>
    Object.fromEntries(cells.map(({ text }, index) => [table.columns[index]?.id ?? '', text])),
  );
}

import * as l10n from '@vscode/l10n';
import type { BillingSwitch, SwitchReason } from '../../limits/account/billingSwitch.ts';
import { byLocale } from '../../limits/headers/memo.ts';
import { oneLine } from '../text/plainText.ts';
import { dash, textCell } from './cells.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Chart, Table } from './dashboardState.ts';
import { requestNames } from './requestNames.ts';

type Bins = Extract<Chart, { kind: 'bins' }>;

const inUtc = byLocale(
  locale =>
    new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'UTC',
      timeZoneName: 'short',
    }),
);

/** Switches of the payer, for a chart of spend. */
export function switchEvents(input: DashboardInput): NonNullable<Bins['events']> {
  return input.counted.switches.map(each => ({
    at: each.at,
    label: switchText(each, input),
    time: inUtc(input.locale).format(each.at),
  }));
}

/** The same as rows of a table of five columns. */
export function switchRows(input: DashboardInput): Table['rows'] {
  return switchEvents(input).map(({ at, label, time }) => [
    textCell(l10n.t('Switch')),
    { text: `${time}: ${label}`, value: `${new Date(at).toISOString()} ${label}` },
    dash,
    dash,
    dash,
  ]);
}

/** `Pays now: acme in rag-service` or `Credits used up, pays now: acme` */
function switchText({ to, reason, workspace }: BillingSwitch, input: DashboardInput): string {
  const { payer } = requestNames(input);
  const folder = workspace === undefined ? undefined : input.counted.folders.get(workspace);
  const pays = folder === undefined ? payer(to) : l10n.t('{0} in {1}', payer(to), oneLine(folder, 60));
  return texts[reason](pays);
}

const texts: Readonly<Record<SwitchReason, (pays: string) => string>> = {
  chosen: pays => l10n.t('Pays now: {0}', pays),
  credits: pays => l10n.t('Credits used up, pays now: {0}', pays),
  'spending-limit': pays => l10n.t('Spending limit reached, pays now: {0}', pays),
  returned: pays => l10n.t('Pays again: {0}', pays),
};

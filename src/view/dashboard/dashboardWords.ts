import * as l10n from '@vscode/l10n';
import type { DashboardState } from './dashboardState.ts';

export type WordName = keyof ReturnType<typeof dashboardWords>;

/** The page's own words: it has no translations of its own. `{0}` is filled in by the page. */
export function dashboardWords() {
  return {
    timeRange: l10n.t('Time range'),
    '7-days': l10n.t('Last 7 days'),
    '30-days': l10n.t('Last 30 days'),
    month: l10n.t('This month'),
    'last-month': l10n.t('Last month'),
    '90-days': l10n.t('Last 90 days'),
    year: l10n.t('Last 12 months'),
    export: l10n.t('Export'),
    exportCsv: l10n.t('All tables as CSV'),
    exportJson: l10n.t('All tables as JSON'),
    exportPage: l10n.t('Page to print (HTML)'),
    tableAndExport: l10n.t('Table and export'),
    tableOf: l10n.t('{0}: table'),
    csv: l10n.t('CSV'),
    json: l10n.t('JSON'),
    picture: l10n.t('Picture (PNG)'),
    noPicture: l10n.t('This editor can’t make a picture of the chart. Nothing was saved.'),
    splitBy: l10n.t('Split by'),
    total: l10n.t('Total'),
    unknown: l10n.t('not known'),
    today: l10n.t('Today'),
    spent: l10n.t('Spent'),
    likely: l10n.t('Likely'),
    likelyRange: l10n.t('Likely range'),
    between: l10n.t('Between {0} and {1}'),
    requests: l10n.t('requests'),
    tokens: l10n.t('tokens'),
    refusals: l10n.t('refusals'),
    chartKeys: l10n.t('{0}: chart. Arrow keys move through it, Escape closes the values.'),
    opensIn: l10n.t('resets in {0}'),
    opensAt: l10n.t('resets {0}'),
    moreInTable: l10n.t('{0} more in the table'),
    moreInExport: l10n.t('{0} more rows in the export'),
    others: l10n.t('{0} others'),
    nothing: l10n.t('Nothing in this time.'),
    low: l10n.t('nearly used up'),
    out: l10n.t('nothing left'),
  } as const satisfies DashboardState['words'];
}

import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { paysText } from '../billing/payerText.ts';
import { joined } from '../text/counts.ts';
import type { ViewInput } from '../viewInput.ts';
import { binned } from './binned.ts';
import { localBins, utcBins } from './bins.ts';
import { creditsPanel } from './creditsPanel.ts';
import type { DashboardInput } from './dashboardInput.ts';
import type { Panel } from './dashboardState.ts';
import { endpointsPanel } from './endpointsPanel.ts';
import { latencyPanel } from './latencyPanel.ts';
import { pricesPanel } from './pricesPanel.ts';
import { refusalsPanel } from './refusalsPanel.ts';
import { spendPanel } from './spendPanel.ts';
import { usePanel } from './usePanel.ts';
import { windowsPanel } from './windowsPanel.ts';

/** The dashboard's panels, money first. Money is by days in UTC, all else by the reader's. */
export function dashboardPanels(input: DashboardInput): Panel[] {
  const { range, now, timeZone, locale, counted } = input;
  const utc = binned(utcBins(range, now, locale), counted);
  const local = binned(localBins(range, now, timeZone, locale), counted);
  return [
    creditsPanel(input),
    spendPanel(input, utc),
    usePanel(input, local),
    latencyPanel(input, local),
    refusalsPanel(input, local),
    windowsPanel(input),
    endpointsPanel(input),
    pricesPanel(input, utc),
  ];
}

/** `acme pays · Team`; without a token only a provider's key can pay. */
export function dashboardTitle(input: ViewInput): string {
  if (!input.snapshot.session && payingProfile(input.payer).kind !== 'provider-key') {
    return joined([l10n.t('Nobody pays yet'), l10n.t('not signed in to Hugging Face')]);
  }
  const { pays, facts } = paysText(input);
  return joined([pays, ...facts]);
}

import { paysText } from '../billing/payerText.ts';
import { joined } from '../text/counts.ts';
import type { ViewInput } from '../viewInput.ts';
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

const panels = [
  creditsPanel,
  spendPanel,
  usePanel,
  latencyPanel,
  refusalsPanel,
  windowsPanel,
  endpointsPanel,
  pricesPanel,
];

/** The dashboard's panels, money first. */
export function dashboardPanels(input: DashboardInput): Panel[] {
  return panels.map(panelOf => panelOf(input));
}

/** `acme pays · Team` */
export function dashboardTitle(input: ViewInput): string {
  const { pays, facts } = paysText(input);
  return joined([pays, ...facts]);
}

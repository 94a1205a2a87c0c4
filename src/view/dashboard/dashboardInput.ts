import type { RouterModel } from '../../hub/router.ts';
import type { CountedHere } from '../../limits/requests/countedSpan.ts';
import type { ViewInput } from '../viewInput.ts';
import type { Range } from './dashboardState.ts';

/**
 * Everything that the dashboard's panels are a function of.
 *
 *     const reader = new DashboardReader(ledger);                  // src/ledger, one for each open dashboard
 *     const spans = dashboardSpans(range, view.now, view.timeZone); // ./bins.ts
 *     const counted = reader.read(spans, view.now);
 *     const panels = dashboardPanels({ ...view, range, counted, models: offers.last });
 */
export interface DashboardInput extends ViewInput {
  readonly range: Range;
  readonly counted: CountedHere;
  /** The router's models with each provider's price (`RouterOffers` in src/billing); undefined: not loaded. */
  readonly models?: readonly RouterModel[];
  /** One English sentence: why `models` could not be loaded. */
  readonly modelsProblem?: string;
}

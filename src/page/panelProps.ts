import type { Panel } from '../view/dashboard/dashboardState.ts';
import type { Actions } from './actions.ts';

export interface PanelProps extends Actions {
  readonly panel: Panel;
  /** The chosen split of its chart. */
  readonly split: string | undefined;
  /** Series that are switched off. */
  readonly hidden: readonly string[] | undefined;
  /** Whether its table is open. */
  readonly isOpen: boolean;
}

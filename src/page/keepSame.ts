import type { DashboardState } from '../view/dashboard/dashboardState.ts';

/** The new state with the old objects where they say the same: what did not change is not drawn again. */
export function keepSame(before: DashboardState | undefined, after: DashboardState): DashboardState {
  if (!before) return after;
  return {
    ...after,
    words: same(before.words, after.words),
    panels: after.panels.map(panel =>
      same(
        before.panels.find(({ id }) => id === panel.id),
        panel,
      ),
    ),
  };
}

/** The state with its changed panels. */
export function withPanels(
  before: DashboardState,
  { now, panels }: Pick<DashboardState, 'now' | 'panels'>,
): DashboardState {
  return {
    ...before,
    now,
    panels: before.panels.map(panel => panels.find(({ id }) => id === panel.id) ?? panel),
  };
}

function same<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

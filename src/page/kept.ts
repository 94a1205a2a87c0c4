import * as v from 'valibot';
import { ranges } from '../view/dashboard/dashboardState.ts';

const ids = v.array(v.string());

const keptChoices = v.object({
  range: v.optional(v.picklist(ranges)),
  /** By panel. */
  splits: v.record(v.string(), v.string()),
  /** Series that the reader switched off, by panel. */
  hidden: v.record(v.string(), ids),
  /** Panels whose table is open. */
  open: ids,
});

/** The reader's choices on this page: VS Code keeps them over hiding and restarts. */
export type Kept = v.InferOutput<typeof keptChoices>;

/** An older version may have kept something else: then the page starts anew. */
export function parseKept(value: unknown): Kept {
  const { success, output } = v.safeParse(keptChoices, value);
  return success ? output : { splits: {}, hidden: {}, open: [] };
}

/** The list without the item, or with it where it was not in it. */
export function toggled(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter(other => other !== item) : [...list, item];
}

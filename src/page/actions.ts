import type { MessageFromPage } from '../view/dashboard/dashboardState.ts';
import type { Kept } from './kept.ts';

/** What parts of the page can do. */
export interface Actions {
  /** Asks the extension for something. */
  readonly request: (message: MessageFromPage) => void;
  /** Changes the reader's choices. */
  readonly change: (part: (before: Kept) => Partial<Kept>) => void;
  /** Shows a sentence at the top, which screen readers read. */
  readonly say: (sentence: string) => void;
}

import type { BillingSwitch } from '../limits/account/billingSwitch.ts';
import { mostShownSwitches } from '../limits/bounds.ts';
import {
  type CountedHere,
  type CountedSpan,
  type Span,
  settlesAfterMs,
} from '../limits/requests/countedSpan.ts';
import { folderName } from './folderNames.ts';
import type { Ledger } from './ledger.ts';

type Source = Pick<
  Ledger,
  'countedSpan' | 'oldestRefusal' | 'countedHours' | 'switchesWithin' | 'getPreference' | 'dataVersion'
>;

/** Reads what the dashboard shows. Spans that are over are read once, so that an update costs microseconds. */
export class DashboardReader {
  readonly #ledger: Source;
  #over = new Map<string, CountedSpan>();
  #folders: ReadonlyMap<string, string> = new Map();
  #of = '';

  constructor(ledger: Source) {
    this.#ledger = ledger;
  }

  /** @param now epoch ms by this computer's clock, as requests are dated */
  read(spans: readonly Span[], now: number): CountedHere {
    this.#forgetOther();
    const over = new Map<string, CountedSpan>();
    const counted = spans.map(span => {
      const key = `${span.from} ${span.until}`;
      const known = this.#over.get(key) ?? this.#ledger.countedSpan(span);
      if (span.until <= now - settlesAfterMs) over.set(key, known);
      return known;
    });
    this.#over = over;
    const hours = this.#ledger.countedHours();
    const [from, until] = [spans[0]?.from ?? 0, spans.at(-1)?.until ?? 0];
    const switches = this.#ledger.switchesWithin({ from, until }, mostShownSwitches);
    return { spans: counted, switches, folders: this.#foldersOf(counted, switches), ...(hours && { hours }) };
  }

  #foldersOf(spans: readonly CountedSpan[], switches: readonly BillingSwitch[]): ReadonlyMap<string, string> {
    const ids = new Set(
      [...spans.flatMap(({ workspaces }) => workspaces), ...switches].map(({ workspace = '' }) => workspace),
    );
    const names = [...ids].flatMap(id => {
      const name = this.#folders.get(id) ?? folderName(this.#ledger, id);
      return name === undefined ? [] : [[id, name] as const];
    });
    this.#folders = new Map(names);
    return this.#folders;
  }

  /** After a disk failed the ledger goes on in memory, or in another file; and a person may delete refusals. */
  #forgetOther(): void {
    const file = Math.floor(this.#ledger.dataVersion() / 2 ** 32);
    const of = `${file} ${this.#ledger.oldestRefusal()}`;
    if (of !== this.#of) this.#over.clear();
    this.#of = of;
  }
}

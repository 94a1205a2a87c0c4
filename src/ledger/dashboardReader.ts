import type { CountedHere, CountedSpan, Span } from '../limits/requests/countedSpan.ts';
import { folderName } from './folderNames.ts';
import type { Ledger } from './ledger.ts';

type Source = Pick<Ledger, 'requestsIn' | 'refusalTotals' | 'countedHours' | 'getPreference' | 'dataVersion'>;
type Requests = Omit<CountedSpan, 'refusals'>;

/** A request is recorded when it has ended, so the day before may still change. */
const settlesAfterMs = 86_400_000;

/** Reads what the dashboard shows. Spans that are over are read once, so that an update costs microseconds. */
export class DashboardReader {
  readonly #ledger: Source;
  #over = new Map<string, Requests>();
  #folders = new Map<string, string>();
  #file: number | undefined;

  constructor(ledger: Source) {
    this.#ledger = ledger;
  }

  /** @param now epoch ms by this computer's clock, as requests are dated */
  read(spans: readonly Span[], now: number): CountedHere {
    this.#forgetOtherFile();
    const over = new Map<string, Requests>();
    const counted = spans.map(({ from, until }) => {
      const key = `${from} ${until}`;
      const requests = this.#over.get(key) ?? this.#ledger.requestsIn({ from, until });
      if (until < now - settlesAfterMs) over.set(key, requests);
      // a person may delete refusals of any time
      return { ...requests, refusals: this.#ledger.refusalTotals({ from, until }) };
    });
    this.#over = over;
    const hours = this.#ledger.countedHours();
    return { spans: counted, folders: this.#foldersOf(counted), ...(hours && { hours }) };
  }

  #foldersOf(spans: readonly Requests[]): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const { workspaces } of spans) {
      for (const { workspace } of workspaces) {
        if (names.has(workspace)) continue;
        const name = this.#folders.get(workspace) ?? folderName(this.#ledger, workspace);
        if (name !== undefined) names.set(workspace, name);
      }
    }
    this.#folders = names;
    return names;
  }

  /** The ledger goes on in memory, or in another file, when a disk fails. */
  #forgetOtherFile(): void {
    const file = Math.floor(this.#ledger.dataVersion() / 2 ** 32);
    if (file !== this.#file) this.#over.clear();
    this.#file = file;
  }
}

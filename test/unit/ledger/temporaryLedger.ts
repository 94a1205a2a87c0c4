import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { type OtherProcess, startOtherProcess } from './otherProcess.ts';
import { noon } from './refusals.ts';

/** A folder, a clock that starts at noon, and ledgers in them; `clear` removes all. */
export class TemporaryLedger {
  readonly directory = join(mkdtempSync(join(tmpdir(), 'headroom-ledger-')), 'state');
  now = noon;
  /** What the ledgers logged. */
  readonly lines: string[] = [];
  readonly #ledgers: Ledger[] = [];
  readonly #processes: OtherProcess[] = [];

  get path(): string {
    return join(this.directory, 'ledger.db');
  }

  open(directory = this.directory): Ledger {
    const ledger = openLedger({ directory, now: () => this.now, log: line => this.lines.push(line) });
    this.#ledgers.push(ledger);
    return ledger;
  }

  async process(options?: Parameters<typeof startOtherProcess>[0]): Promise<OtherProcess> {
    const other = await startOtherProcess(options);
    this.#processes.push(other);
    return other;
  }

  /** A second process that has opened the same ledger. */
  async sharing(): Promise<OtherProcess> {
    const other = await this.process();
    await other.run({ do: 'open', directory: this.directory, now: this.now });
    return other;
  }

  async clear(): Promise<void> {
    for (const ledger of this.#ledgers) ledger.close();
    await Promise.all(this.#processes.map(other => other.end()));
    rmSync(join(this.directory, '..'), { recursive: true, force: true });
  }
}

import * as vscode from 'vscode';
import { DashboardReader } from '../../ledger/dashboardReader.ts';
import { messageOf } from '../../limits/messageOf.ts';
import type { CountedHere } from '../../limits/requests/countedSpan.ts';
import { dashboardSpans } from '../../view/dashboard/bins.ts';
import { dashboardPanels, dashboardTitle } from '../../view/dashboard/dashboardPanels.ts';
import type { DashboardState, Range } from '../../view/dashboard/dashboardState.ts';
import { dashboardWords } from '../../view/dashboard/dashboardWords.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import type { Core } from '../core/startCore.ts';

/** Without a ledger: panels say what is missing. */
const nothingCounted: CountedHere = { spans: [], switches: [], folders: new Map() };

/** What an open dashboard shows. */
export class DashboardSource implements vscode.Disposable {
  readonly #core: CoreHandle;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly onDidChange = this.#changes.event;
  #reader: { readonly of: Core; readonly reader: DashboardReader } | undefined;
  #modelsProblem: string | undefined;

  constructor(core: CoreHandle) {
    this.#core = core;
    this.#subscription = core.onDidChange(() => this.#changes.fire());
  }

  /** Undefined until the views know anything. */
  async state(range: Range): Promise<DashboardState | undefined> {
    const core = await this.#core.get().catch(() => undefined); // the log says why it did not start
    const view = this.#core.viewInput();
    if (!view) return;
    if (core) void this.#loadOffers(core);
    const { now, timeZone, locale } = view;
    const spans = dashboardSpans(range, now, timeZone);
    const input = {
      ...view,
      range,
      counted: core ? this.#readerOf(core).read(spans, now) : nothingCounted,
      ...(core?.offers.last && { models: core.offers.last }),
      ...(this.#modelsProblem !== undefined && { modelsProblem: this.#modelsProblem }),
    };
    return {
      locale,
      ...(timeZone !== undefined && { timeZone }),
      now,
      title: dashboardTitle(view),
      range,
      words: dashboardWords(),
      panels: dashboardPanels(input),
    };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }

  /** A restart makes another ledger. */
  #readerOf(core: Core): DashboardReader {
    if (this.#reader?.of !== core) this.#reader = { of: core, reader: new DashboardReader(core.ledger) };
    return this.#reader.reader;
  }

  /** Prices are seconds away at first: everything else does not wait for them. */
  async #loadOffers({ offers }: Core): Promise<void> {
    const before = [offers.last, this.#modelsProblem];
    try {
      await offers.get();
      this.#modelsProblem = undefined;
    } catch (error) {
      this.#modelsProblem = messageOf(error);
    }
    if (offers.last !== before[0] || this.#modelsProblem !== before[1]) this.#changes.fire();
  }
}

import * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { settings } from '../../view/contributions.ts';
import { watchDebugConsole } from '../../watch/debugConsole.ts';
import { watchHostTraffic } from '../../watch/hostTraffic.ts';
import { watchNotebooks } from '../../watch/notebooks.ts';
import { PrintedAgain } from '../../watch/printedAgain.ts';
import type { SeenListener, Watch, WatchSurroundings } from '../../watch/seenRefusal.ts';
import { type OwnServers, serverNames } from '../../watch/serverNames.ts';
import { watchTerminals } from '../../watch/terminals.ts';

/** Refusals of a burst share one transaction and one redraw. */
const gatherMs = 200;
/** Bounds what a program that prints refusals in a tight loop can add at once. */
const mostAtOnce = 500;
/** Prefix of the user agent of Headroom's own requests. */
const ownAgent = 'headroom/';

export interface WatchingOptions {
  readonly ledger: Pick<Ledger, 'recordRefusals'>;
  /** Called for each refusal: the gateway's address changes. */
  readonly servers: () => OwnServers;
  readonly now: () => number;
  readonly log: Log;
  /** The refusal with a better cause, by what else is known. */
  readonly explain: (refusal: Refusal) => Refusal;
  readonly onRecorded: () => void;
}

type Start = (surroundings: WatchSurroundings, seen: SeenListener) => Watch;

/** Records refusals in terminals, debug consoles, notebooks and other extensions, as settings allow. */
export function startWatching(options: WatchingOptions): vscode.Disposable {
  const { ledger, log } = options;
  const gathered: Refusal[] = [];
  const again = new PrintedAgain();
  let gathering: NodeJS.Timeout | undefined;
  const record = () => {
    clearTimeout(gathering);
    gathering = undefined;
    if (gathered.length === 0) return;
    ledger.recordRefusals(gathered.splice(0));
    options.onRecorded();
  };
  const seen: SeenListener = refusal => {
    if (gathered.length >= mostAtOnce) return;
    gathered.push(options.explain(again.take(refusal)));
    gathering ??= setTimeout(record, gatherMs);
  };
  const surroundings: WatchSurroundings = {
    now: options.now,
    later(run, delayMs) {
      const timer = setTimeout(run, delayMs);
      return { dispose: () => clearTimeout(timer) };
    },
    nameServer: url => serverNames(options.servers())(url),
  };
  const starts: readonly (readonly [string, Start])[] = [
    [settings.watchTerminal, watchTerminals],
    [settings.watchDebugConsole, watchDebugConsole],
    [settings.watchNotebooks, watchNotebooks],
    [settings.watchExtensionHost, (world, listener) => watchHostTraffic(world, ownAgent, listener)],
  ];
  const running = new Map<string, Watch>();
  const follow = () => {
    for (const [setting, start] of starts) {
      const wanted = vscode.workspace.getConfiguration().get<boolean>(setting, true);
      if (wanted === running.has(setting)) continue;
      running.get(setting)?.dispose();
      running.delete(setting);
      if (!wanted) continue;
      try {
        running.set(setting, start(surroundings, seen));
      } catch (error) {
        log.warn(`${setting} does not work here: ${String(error)}`);
      }
    }
  };
  follow();
  const changes = vscode.workspace.onDidChangeConfiguration(change => {
    if (starts.some(([setting]) => change.affectsConfiguration(setting))) follow();
  });
  return {
    dispose() {
      changes.dispose();
      for (const watch of running.values()) watch.dispose();
      running.clear();
      clearTimeout(gathering);
      if (gathered.length > 0) ledger.recordRefusals(gathered.splice(0));
    },
  };
}

import * as vscode from 'vscode';

const patienceMs = 10_000;
const pressAgainMs = 500;

/** Made at activation, which happens once for all suites. */
const made: Pick<SeenByEditor, 'statusBarItem' | 'tree'> = { statusBarItem: undefined, tree: undefined };

/** What the extension made and showed through the `vscode` API. */
export interface SeenByEditor {
  statusBarItem: vscode.StatusBarItem | undefined;
  tree: vscode.TreeDataProvider<string> | undefined;
  /** Texts of notifications, which are not shown. */
  readonly notifications: string[];
  readonly openedPages: string[];
  readonly boxes: vscode.InputBox[];
  /** Those of `createQuickPick`; `pick` handles those of `showQuickPick`. */
  readonly quickPicks: vscode.QuickPick<vscode.QuickPickItem>[];
  restore(): void;
}

/**
 * Records the extension's calls of the `vscode` API, which it shares with these tests. All but notifications
 * and pages still reach VS Code.
 */
export function watchEditor(): SeenByEditor {
  const { window, env } = vscode;
  const { createStatusBarItem, createTreeView, createInputBox, createQuickPick } = window;
  const { showInformationMessage, showWarningMessage, showErrorMessage } = window;
  const { openExternal } = env;
  const notifications: string[] = [];
  const openedPages: string[] = [];
  const boxes: vscode.InputBox[] = [];
  const quickPicks: vscode.QuickPick<vscode.QuickPickItem>[] = [];
  const notify = async (message: string) => void notifications.push(message);
  const seen: SeenByEditor = {
    ...made,
    notifications,
    openedPages,
    boxes,
    quickPicks,
    restore: () => {
      Object.assign(window, { createStatusBarItem, createTreeView, createInputBox, createQuickPick });
      Object.assign(window, { showInformationMessage, showWarningMessage, showErrorMessage });
      env.openExternal = openExternal;
    },
  };
  Object.assign(window, {
    createStatusBarItem: (...args: Parameters<typeof createStatusBarItem>) => {
      const item = createStatusBarItem(...args);
      made.statusBarItem = item;
      seen.statusBarItem = item;
      return item;
    },
    createTreeView: (id: string, options: vscode.TreeViewOptions<string>) => {
      made.tree = options.treeDataProvider;
      seen.tree = options.treeDataProvider;
      return createTreeView(id, options);
    },
    createInputBox: () => {
      const box = createInputBox();
      boxes.push(box);
      return box;
    },
    createQuickPick: () => {
      const quickPick = createQuickPick();
      quickPicks.push(quickPick);
      return quickPick;
    },
    showInformationMessage: notify,
    showWarningMessage: notify,
    showErrorMessage: notify,
  });
  env.openExternal = async page => {
    openedPages.push(page.toString(true));
    return true;
  };
  return seen;
}

/** Resolves with the first truthy result of `probe`; rejects with `what` after 10 s. */
export async function eventually<T>(
  what: () => string,
  probe: () => T | undefined | null | false,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${patienceMs / 1000} s: ${what()}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

export async function statusBarHas(seen: SeenByEditor, text: string): Promise<void> {
  await eventually(
    () => `the status bar reads ${text}, not ${seen.statusBarItem?.text}`,
    () => seen.statusBarItem?.text.includes(text),
  );
}

/** The first notification that has the text. */
export function notificationWith(seen: SeenByEditor, text: string | RegExp): Promise<string> {
  const matches = (message: string) =>
    typeof text === 'string' ? message.includes(text) : text.test(message);
  return eventually(
    () => `a notification has “${text}”: ${seen.notifications.join(' · ')}`,
    () => seen.notifications.find(matches),
  );
}

type ShowQuickPick = (
  items: readonly vscode.QuickPickItem[],
  options: vscode.QuickPickOptions,
) => Thenable<vscode.QuickPickItem | undefined>;

/**
 * Picks from the quick picks that `run` opens the items whose labels start with `starts`, with VS Code's
 * commands for the keys Down and Enter. Returns all labels of the last quick pick.
 */
export function pick(starts: readonly string[], run: () => Thenable<unknown>): Promise<string[]> {
  const { window } = vscode;
  const { showQuickPick } = window;
  const rest = [...starts];
  return new Promise<string[]>((resolve, reject) => {
    const choose: ShowQuickPick = async (items, options) => {
      const start = rest.shift() ?? '';
      const labels = items.map(({ label }) => label);
      let active = '';
      let closed = false;
      const onDidSelectItem = ({ label }: vscode.QuickPickItem) => {
        active = label;
      };
      const choice = (showQuickPick as ShowQuickPick)(items, { ...options, onDidSelectItem });
      choice.then(() => {
        closed = true;
      }, reject);
      await press(
        'workbench.action.quickOpenSelectNext',
        () => active.startsWith(start),
        () => `${start} is selected among ${labels.join(', ')}`,
        () => active,
      );
      await accept(() => closed);
      if (rest.length === 0) resolve(labels);
      return choice;
    };
    const chooseOrReject: ShowQuickPick = (items, options) =>
      choose(items, options).then(undefined, error => {
        reject(error);
        return undefined;
      });
    Object.assign(window, { showQuickPick: chooseOrReject });
    run().then(undefined, reject);
  }).finally(() => Object.assign(window, { showQuickPick }));
}

/** Picks an item of an open quick pick by the start of its label. */
export async function pickFrom(
  quickPick: vscode.QuickPick<vscode.QuickPickItem>,
  start: string,
  done: () => boolean,
): Promise<void> {
  const active = () => quickPick.activeItems[0]?.label;
  await press(
    'workbench.action.quickOpenSelectNext',
    () => active()?.startsWith(start) === true,
    () => `${start} is selected among ${quickPick.items.map(({ label }) => label).join(', ')}`,
    active,
  );
  await accept(done);
}

/** Types into an open input box and presses Enter. */
export function enter(box: vscode.InputBox, text: string, done: () => boolean): Promise<boolean> {
  box.value = text;
  return accept(done);
}

function accept(done: () => boolean): Promise<boolean> {
  return press('workbench.action.acceptSelectedQuickOpenItem', done, () => 'Enter had an effect');
}

/**
 * Presses again only once the key had an effect on `state`, or none for half a second. Looks only when no press is on
 * its way: a slow one would still move the selection.
 */
function press(
  command: string,
  done: () => boolean,
  what: () => string,
  state: () => unknown = () => undefined,
): Promise<boolean> {
  let pressed = { at: Number.NEGATIVE_INFINITY, state: state() };
  let onItsWay = false;
  return eventually(what, () => {
    if (onItsWay) return false;
    if (done()) return true;
    if (pressed.state !== state() || Date.now() - pressed.at > pressAgainMs) {
      pressed = { at: Date.now(), state: state() };
      onItsWay = true;
      const arrived = () => {
        onItsWay = false;
      };
      vscode.commands.executeCommand(command).then(arrived, arrived);
    }
    return false;
  });
}

import { countsSeconds, hubWindows, providerWindows } from './account/windows.ts';
import { type BadgeModel, badgeModel } from './status/badgeModel.ts';
import { hoverMarkdown } from './status/hoverMarkdown.ts';
import type { StatusBarModel } from './status/statusBarKind.ts';
import { statusBarModel } from './status/statusBarModel.ts';
import { type WelcomeState, welcomeState } from './status/welcomeState.ts';
import { countsDownMs } from './text/times.ts';
import { treeModel } from './tree/treeModel.ts';
import type { TreeNode } from './tree/treeNode.ts';
import type { ViewInput } from './viewInput.ts';

// The models of status bar and tree in one module: it is loaded after activation, with the core.

export interface StatusBarView extends StatusBarModel {
  /** Markdown. */
  readonly hover: string;
  /** Whether the text changes each second. */
  readonly countsDown: boolean;
}

/** `hoverHeld`: the held requests for the hover, from `calmHeld`. */
export function statusBarView(input: ViewInput, hoverHeld = input.held): StatusBarView {
  const model = statusBarModel(input);
  return {
    ...model,
    hover: hoverMarkdown({ ...input, held: hoverHeld }),
    // requests that are held now show after a second
    countsDown: input.held.length > 0 || model.kind === 'rate-limited',
  };
}

export interface LimitsModel {
  readonly welcome: WelcomeState;
  readonly badge: BadgeModel | undefined;
  /** Empty while a welcome view is shown: VS Code shows it only for an empty tree. */
  readonly roots: readonly TreeNode[];
  /** Whether rows change each second. */
  readonly countsDown: boolean;
}

export function limitsView(input: ViewInput): LimitsModel {
  const welcome = welcomeState(input.snapshot);
  const isReady = welcome === 'ready';
  return {
    welcome,
    badge: badgeModel(input),
    roots: isReady ? treeModel(input) : [],
    countsDown: isReady && rowsCountDown(input),
  };
}

function rowsCountDown(input: ViewInput): boolean {
  const { snapshot, held, now } = input;
  return (
    held.length > 0 ||
    [...hubWindows(input), ...providerWindows(input)].some(window => countsSeconds(window, now)) ||
    snapshot.refusals.some(({ resetsAt = 0 }) => resetsAt > now && resetsAt - now < countsDownMs)
  );
}

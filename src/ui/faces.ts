import type { Snapshot } from '../account/snapshot.ts';
import { type BadgeModel, badgeModel } from './badgeModel.ts';
import type { FaceOptions } from './faceInput.ts';
import { hoverMarkdown } from './hoverMarkdown.ts';
import { nextRepaintAt } from './nextRepaint.ts';
import { type StatusBarModel, statusBarModel } from './statusBarModel.ts';
import { treeModel } from './treeModel.ts';
import type { TreeNode } from './treeNode.ts';
import { type WelcomeState, welcomeState } from './welcomeState.ts';

// The faces' models in one module, so that it can be loaded after activation, beside the core.

export interface StatusBarFace extends StatusBarModel {
  /** Markdown. */
  readonly hover: string;
  /** Epoch ms. */
  readonly nextRepaintAt: number;
}

export function statusBarFace(
  snapshot: Snapshot,
  settings: FaceOptions,
  now: number,
  locale: string,
  watched: boolean,
): StatusBarFace {
  const options = withPace(settings, snapshot);
  return {
    ...statusBarModel(snapshot, options, now, locale),
    hover: hoverMarkdown(snapshot, options, now, locale),
    nextRepaintAt: nextRepaintAt(snapshot, now, watched),
  };
}

export interface LimitsFace {
  readonly welcome: WelcomeState;
  readonly badge: BadgeModel | undefined;
  readonly roots: readonly TreeNode[];
  /** Epoch ms. */
  readonly nextRepaintAt: number;
}

/** Without a welcome of `ready` there are no rows: the welcome view is shown in their place. */
export function limitsFace(
  snapshot: Snapshot,
  settings: FaceOptions,
  now: number,
  locale: string,
  watched: boolean,
): LimitsFace {
  const options = withPace(settings, snapshot);
  const welcome = welcomeState(snapshot);
  return {
    welcome,
    badge: badgeModel(snapshot, options, now, locale),
    roots: welcome === 'ready' ? treeModel(snapshot, options, now, locale) : [],
    nextRepaintAt: nextRepaintAt(snapshot, now, watched),
  };
}

function withPace(settings: FaceOptions, { spendNanoUsdPerHour }: Snapshot): FaceOptions {
  return { ...settings, nanoUsdPerHour: spendNanoUsdPerHour };
}

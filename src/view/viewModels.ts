import type { Snapshot } from '../account/snapshot.ts';
import type { Payer } from '../billing/profile.ts';
import type { ProviderWindow } from '../limits/pacing/providerWindow.ts';
import type { Held } from './account/heldRequests.ts';
import { type BadgeModel, badgeModel } from './status/badgeModel.ts';
import { hoverMarkdown } from './status/hoverMarkdown.ts';
import { nextRepaintAt } from './status/nextRepaint.ts';
import { type StatusBarModel, statusBarModel } from './status/statusBarModel.ts';
import { type WelcomeState, welcomeState } from './status/welcomeState.ts';
import type { GatewayUse } from './tree/gatewayUseRow.ts';
import { treeModel } from './tree/treeModel.ts';
import type { TreeNode } from './tree/treeNode.ts';
import type { FaceOptions } from './viewInput.ts';

// The faces' models in one module, so that it can be loaded after activation, beside the core.

/** What the faces draw from. */
export interface Known {
  readonly snapshot: Snapshot;
  readonly payer: Payer;
  readonly gatewayUse?: GatewayUse;
  readonly providerWindows?: readonly ProviderWindow[];
  readonly held?: readonly Held[];
  /** The same for the hover, with counts that may be some seconds old. */
  readonly calmHeld?: readonly Held[];
}

export interface StatusBarFace extends StatusBarModel {
  /** Markdown. */
  readonly hover: string;
  /** Epoch ms. */
  readonly nextRepaintAt: number;
}

export function statusBarFace(
  { snapshot, payer, providerWindows, held, calmHeld = held }: Known,
  settings: FaceOptions,
  now: number,
  locale: string,
  watched: boolean,
): StatusBarFace {
  const { spendNanoUsdPerHour: nanoUsdPerHour } = snapshot;
  const options = { ...settings, payer, providerWindows, held, nanoUsdPerHour };
  return {
    ...statusBarModel(snapshot, options, now, locale),
    hover: hoverMarkdown(snapshot, { ...options, held: calmHeld }, now, locale),
    nextRepaintAt: nextRepaintAt(snapshot, now, watched, options),
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
  { snapshot, payer, gatewayUse, providerWindows, held }: Known,
  settings: FaceOptions,
  now: number,
  locale: string,
  watched: boolean,
): LimitsFace {
  const { spendNanoUsdPerHour: nanoUsdPerHour } = snapshot;
  const options = { ...settings, payer, gatewayUse, providerWindows, held, nanoUsdPerHour };
  const welcome = welcomeState(snapshot);
  return {
    welcome,
    badge: badgeModel(snapshot, options, now, locale),
    roots: welcome === 'ready' ? treeModel(snapshot, options, now, locale) : [],
    nextRepaintAt: nextRepaintAt(snapshot, now, watched, options),
  };
}

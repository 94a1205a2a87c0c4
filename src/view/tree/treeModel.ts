import { memoLast } from '../../limits/headers/memo.ts';
import { byName } from '../account/parts.ts';
import { countsSeconds, hubWindows, providerWindows } from '../account/windows.ts';
import { type BadgeModel, badgeModel } from '../status/badgeModel.ts';
import { type WelcomeState, welcomeState } from '../status/welcomeState.ts';
import { countsDownMs } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { billingSections } from './billingSection.ts';
import { endpointsSection } from './endpointsSection.ts';
import { hardwareSection } from './hardwareSection.ts';
import { freshness } from './partRows.ts';
import { providerSection } from './providerSection.ts';
import { rateLimitsSection } from './rateLimitsSection.ts';
import { refusalsSection } from './refusalsSection.ts';
import type { TreeNode } from './treeNode.ts';
import { zeroGpuSection } from './zeroGpuSection.ts';

const lastSections = memoLast<readonly TreeNode[]>();

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

/** The sections of the tree. */
export function treeModel(input: ViewInput): readonly TreeNode[] {
  const { payer, account } = billingSections(input);
  return [
    payer,
    refusalsSection(input),
    ...account,
    rateLimitsSection(input),
    ...providerSection(input),
    ...largeSections(input),
    zeroGpuSection(input),
  ];
}

/** A large account has thousands of these rows: kept while their parts and the ages of these stay the same. */
function largeSections(input: ViewInput): readonly TreeNode[] {
  const { snapshot, timeZone, locale } = input;
  const parts = [...byName('endpoints', snapshot.endpoints), ...byName('hardware', snapshot.hardware)];
  const key = [
    ...parts.flatMap(named => [named.of, named.value, named.problem, freshness(named, input)]),
    snapshot.account.value?.name,
    timeZone,
    locale,
  ];
  return lastSections(key, () => [endpointsSection(input), hardwareSection(input)]);
}

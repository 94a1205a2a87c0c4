import type { Snapshot } from '../../account/snapshot.ts';
import { welcomeState } from '../status/welcomeState.ts';
import { type FaceOptions, faceInput } from '../viewInput.ts';
import { billingSection } from './billingSection.ts';
import { endpointsSection } from './endpointsSection.ts';
import { hardwareSection } from './hardwareSection.ts';
import { lastingSection } from './lastingSection.ts';
import { rateLimitsSection } from './rateLimitsSection.ts';
import { refusalsSection } from './refusalsSection.ts';
import type { TreeNode } from './treeNode.ts';
import { zeroGpuSection } from './zeroGpuSection.ts';

const endpoints = lastingSection(endpointsSection);
const hardware = lastingSection(hardwareSection);

/** The sections of the view. Empty while a welcome view says what to do: VS Code shows one only for an empty tree. */
export function treeModel(
  snapshot: Snapshot,
  options: FaceOptions,
  now: number,
  locale: string,
): readonly TreeNode[] {
  if (welcomeState(snapshot) !== 'ready') return [];
  const input = faceInput(snapshot, options, now, locale);
  return [
    billingSection(input),
    rateLimitsSection(input),
    endpoints(input),
    hardware(input),
    zeroGpuSection(input),
    refusalsSection(input),
  ];
}

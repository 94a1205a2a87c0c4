import { type ZeroGpuQuota, zeroGpuSince } from '../../limits/account/zeroGpu.ts';
import type { FaceInput } from '../viewInput.ts';

/** The ZeroGPU quota as it stands now by Hugging Face's clock; undefined while nothing is known. */
export function zeroGpuFace({ snapshot, now, serverNow }: FaceInput): ZeroGpuQuota | undefined {
  const { value, asOf = 0 } = snapshot.zeroGpu;
  return value && zeroGpuSince(value, asOf + serverNow - now, serverNow);
}

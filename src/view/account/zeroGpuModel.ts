import { type ZeroGpuQuota, zeroGpuSince } from '../../limits/account/zeroGpu.ts';
import type { ViewInput } from '../viewInput.ts';

/** The ZeroGPU quota as of now by Hugging Face's clock; undefined: not known. */
export function zeroGpuModel({ snapshot, now, serverNow }: ViewInput): ZeroGpuQuota | undefined {
  const { value, asOf = 0 } = snapshot.zeroGpu;
  return value && zeroGpuSince(value, asOf + serverNow - now, serverNow);
}

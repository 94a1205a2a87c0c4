import type { Snapshot } from '../../account/snapshot.ts';
import type { HardwareQuota } from '../../limits/account/endpoints.ts';
import { memoLast } from '../../limits/headers/memo.ts';

/** All namespaces' hardware, also for prices. The same array while the answers are the same: it is indexed once. */
export function knownHardware({ hardware }: Pick<Snapshot, 'hardware'>): readonly HardwareQuota[] {
  const values = Object.values(hardware).map(({ value }) => value);
  return lastHardware(values, () => values.flatMap(value => value ?? []));
}

const lastHardware = memoLast<readonly HardwareQuota[]>();

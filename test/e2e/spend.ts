import type { Workbench } from './workbench.ts';

/** What other programs have spent this month: Hugging Face alone knows of it. */
export function spent(usedUsd: number) {
  const credits = { spent: { novita: { nanoUsd: Math.round(usedUsd * 1e9), requests: 40 } } };
  return { users: { ada: { credits } } };
}

export function spend({ emulator }: Workbench, usedUsd: number): void {
  emulator.world.patch(spent(usedUsd));
}

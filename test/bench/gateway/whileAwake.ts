import { pin } from './processUse.ts';
import { start } from './server.ts';

/** Calls `measure` while each of the cores is kept awake by `program`: see `awake.c`. */
export async function whileAwake<T>(
  program: string,
  cores: readonly number[],
  measure: () => Promise<T>,
): Promise<T> {
  const keepers = cores.map(core => {
    const keeper = start(program, []);
    pin(keeper.pid, core);
    return keeper;
  });
  try {
    const measured = await measure();
    if (keepers.some(({ exitCode }) => exitCode !== null)) throw new Error('The cores were not kept awake');
    return measured;
  } finally {
    for (const keeper of keepers) keeper.kill('SIGKILL');
  }
}

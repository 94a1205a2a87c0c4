import path from 'node:path';
import { Workbench, type WorkbenchOptions } from './workbench.ts';

/** A signed-in developer's, whose programs in terminals ask through the gateway; it listens already. */
export async function developersWorkbench({
  settings,
  ...options
}: Pick<WorkbenchOptions, 'scenario' | 'settings' | 'folderSettings'> = {}): Promise<Workbench> {
  const workbench = await Workbench.open({
    ...options,
    signedIn: true,
    workspace: true,
    settings: { 'headroom.environment.openai': true, ...settings },
    // the SDK of the programs
    env: { NODE_PATH: path.resolve(import.meta.dirname, '../../node_modules') },
  });
  await workbench.logSays('The gateway listens');
  return workbench;
}

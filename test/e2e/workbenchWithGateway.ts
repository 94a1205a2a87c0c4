import path from 'node:path';
import { Workbench, type WorkbenchOptions } from './workbench.ts';

/** A signed-in workbench whose terminals lead to the gateway. The gateway listens when this resolves. */
export async function workbenchWithGateway({
  settings,
  ...options
}: Pick<
  WorkbenchOptions,
  'scenario' | 'settings' | 'folderSettings' | 'extensions' | 'language'
> = {}): Promise<Workbench> {
  const workbench = await Workbench.open({
    ...options,
    signedIn: true,
    workspace: true,
    settings: { 'headroom.environment.openai': true, ...settings },
    // for the SDK that the programs import
    env: { NODE_PATH: path.resolve(import.meta.dirname, '../../node_modules') },
  });
  await workbench.logSays('The gateway listens');
  return workbench;
}

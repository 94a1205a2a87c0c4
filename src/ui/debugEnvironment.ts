import * as vscode from 'vscode';
import { namesInEnvFile, withoutFamiliesOf } from './gatewayVariables.ts';

/**
 * Gives debug sessions what terminals get. What a launch configuration sets itself, in `env` or in the file that
 * `envFile` names, stays as it is, with its whole family.
 */
export function registerDebugEnvironment(
  variables: () => Promise<Readonly<Record<string, string>>>,
): vscode.Disposable {
  return vscode.debug.registerDebugConfigurationProvider('*', {
    async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
      const { request, env = {}, envFile } = configuration;
      // a program that runs already has its environment
      if (request !== 'launch' || typeof env !== 'object' || env === null || Array.isArray(env)) {
        return configuration;
      }
      const offered = await variables();
      if (Object.keys(offered).length === 0) return configuration;
      const taken = [...Object.keys(env), ...(await namesInEnvFiles(envFile))];
      return { ...configuration, env: { ...withoutFamiliesOf(taken, offered), ...env } };
    },
  });
}

/** A path, or several. One that can't be read is the debugger's to complain about. */
async function namesInEnvFiles(envFile: unknown): Promise<string[]> {
  const files = (Array.isArray(envFile) ? envFile : [envFile]).filter(file => typeof file === 'string');
  const names = files.map(async file => {
    try {
      return namesInEnvFile(
        new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file))),
      );
    } catch {
      return [];
    }
  });
  return (await Promise.all(names)).flat();
}

import * as vscode from 'vscode';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import { variablesInEnvFile, withoutFamiliesOf } from './gatewayVariables.ts';

/**
 * Gives debug sessions what terminals get. What a launch configuration sets itself, in `env` or in the file that
 * `envFile` names, stays as it is, with its whole family; but a proxy that it names is not to see what goes to the
 * gateway.
 * @param environment of programs that are debugged
 */
export function registerDebugEnvironment(
  variables: () => Promise<Readonly<Record<string, string>>>,
  environment: Readonly<Record<string, string | undefined>>,
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
      const ofFiles = await variablesInEnvFiles(envFile);
      const given = withoutFamiliesOf([...Object.keys(env), ...Object.keys(ofFiles)], offered);
      const exceptions = leadToGateway(given) ? proxyExceptions({ ...environment, ...ofFiles, ...env }) : {};
      return { ...configuration, env: { ...given, ...env, ...exceptions } };
    },
  });
}

/** A path, or several. One that can't be read is the debugger's to complain about. */
async function variablesInEnvFiles(envFile: unknown): Promise<Record<string, string>> {
  const files = (Array.isArray(envFile) ? envFile : [envFile]).filter(file => typeof file === 'string');
  const variables = files.map(async file => {
    try {
      return variablesInEnvFile(
        new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file))),
      );
    } catch {
      return {};
    }
  });
  return Object.assign({}, ...(await Promise.all(variables)));
}

function leadToGateway(variables: Readonly<Record<string, string>>): boolean {
  return Object.keys(variables).some(name => !name.startsWith('HEADROOM_'));
}

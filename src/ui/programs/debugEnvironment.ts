import { parseEnv } from 'node:util';
import * as vscode from 'vscode';
import { proxyExceptions } from '../../gateway/proxyExceptions.ts';
import { withoutFamiliesOf } from './gatewayVariables.ts';

/**
 * Gives debug sessions the variables of terminals. A launch configuration's own variables, in `env` or in its
 * `envFile`, keep their whole family as it is; a proxy among them does not get the requests to the gateway.
 * @param environment of debugged programs
 */
export function registerDebugEnvironment(
  variables: () => Promise<Readonly<Record<string, string>>>,
  environment: Readonly<Record<string, string | undefined>>,
): vscode.Disposable {
  return vscode.debug.registerDebugConfigurationProvider('*', {
    async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
      const { request, env = {}, envFile } = configuration;
      // `attach` finds a program that has its environment already
      if (request !== 'launch' || typeof env !== 'object' || env === null || Array.isArray(env)) {
        return configuration;
      }
      const offered = await variables();
      if (Object.keys(offered).length === 0) return configuration;
      const ofFiles = await variablesInEnvFiles(envFile);
      const given = withoutFamiliesOf([...Object.keys(env), ...Object.keys(ofFiles)], offered);
      const usesGateway = Object.keys(given).some(name => !name.startsWith('HEADROOM_'));
      const exceptions = usesGateway ? proxyExceptions({ ...environment, ...ofFiles, ...env }) : {};
      return { ...configuration, env: { ...given, ...env, ...exceptions } };
    },
  });
}

/** `envFile` is a path, or several. The debugger reports a file that can't be read. */
async function variablesInEnvFiles(envFile: unknown): Promise<NodeJS.Dict<string>> {
  const files = (Array.isArray(envFile) ? envFile : [envFile]).filter(file => typeof file === 'string');
  const variables = files.map(async file => {
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(file));
      return parseEnv(new TextDecoder().decode(bytes));
    } catch {
      return {};
    }
  });
  return Object.assign({}, ...(await Promise.all(variables)));
}

import { text } from 'node:stream/consumers';
import type { Refusal } from '../limits/refusals/refusal.ts';
import { refusalTitle } from '../view/refusals/refusalText.ts';
import { remedyTexts } from '../view/refusals/remedyText.ts';
import { readPrinted } from '../watch/readPrinted.ts';
import { terminalCommand } from '../watch/refusalReader.ts';
import { serverNames } from '../watch/serverNames.ts';
import type { OptionsOf } from './command.ts';
import { configuredProviderUrls, configuredServers } from './connections.ts';
import { refusalJson } from './json/refusalJson.ts';
import { until } from './table/cellText.ts';
import { printError, printJson } from './terminal.ts';
import { visible } from './visibleText.ts';

/**
 * Prints the refusals in what a program printed, which comes on standard input. Returns the exit code: 1 when there is
 * none.
 * @throws UsageError
 */
export async function runExplain({ command, json }: OptionsOf<'explain'>): Promise<number> {
  const { stdin, stdout, env } = process;
  if (stdin.isTTY) printError('Paste what the program printed, then press Ctrl+D.');
  const now = Date.now();
  const found = read(await text(stdin), command, env, now);
  if (json) printJson({ refusals: found.map(refusalJson) }, 'readable');
  else if (found.length === 0) stdout.write('No refusal because of a limit was found in this text.\n');
  else stdout.write(found.map(refusal => paragraph(refusal, now)).join('\n'));
  return found.length > 0 ? 0 : 1;
}

function read(
  printed: string,
  command: string | undefined,
  env: NodeJS.ProcessEnv,
  now: number,
): readonly Refusal[] {
  const by = command === undefined ? ({ source: 'terminal' } as const) : terminalCommand(command);
  if (!by) return [];
  // no token is sent anywhere: the names of servers may come from anyone
  const servers = {
    ...configuredServers(env, undefined),
    providerUrls: configuredProviderUrls(env, undefined),
  };
  return readPrinted(printed, by, serverNames(servers), now);
}

function paragraph(refusal: Refusal, now: number): string {
  const { resetsAt, message, status, cause } = refusal;
  const ends = resetsAt === undefined ? '' : `, ends ${until(new Date(resetsAt).toISOString(), now)}`;
  const helps = remedyTexts(refusal).map(({ label, action, url }) => {
    const page = url ?? (action && 'url' in action ? action.url : undefined);
    return page === undefined ? label : `${label}: ${page}`;
  });
  return [
    `${refusalTitle(refusal, 'en')} (${status}, ${cause}${ends})`,
    ...(message === '' ? [] : [`  ${message}`]),
    ...helps.map(help => `  - ${help}`),
  ]
    .map(line => `${visible(line)}\n`)
    .join('');
}

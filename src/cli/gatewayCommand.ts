import { once } from 'node:events';
import { type BillingProfile, formatProfile } from '../billing/profile.ts';
import { allFamilies, type GatewayAddress, programVariables } from '../gateway/programVariables.ts';
import { proxyExceptions } from '../gateway/proxyExceptions.ts';
import type { OptionsOf } from './command.ts';
import { mistakenToken } from './credentials.ts';
import { startOwnGateway } from './ownGateway.ts';
import { printError, printJson } from './terminal.ts';

const withoutToken =
  'no token of Hugging Face was found: only what is public can be read, and what a key of a provider pays for works. Run `hf auth login`, whose token counts from then on, or set HF_TOKEN and start the gateway again.';

/**
 * Serves until SIGTERM or SIGINT. Returns the exit code.
 * @throws UsageError
 */
export async function runGateway(options: OptionsOf<'gateway'>, version: string): Promise<number> {
  const ended = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const gateway = await startOwnGateway({ ...options, version });
  if (!gateway) return 1;
  const { address, payers, token } = gateway;
  if (options.json) printJson(address, 'line');
  else process.stdout.write(instructions(address, payers.payer.chosen));
  const mistaken = mistakenToken(process.env) ?? (token === undefined ? withoutToken : undefined);
  if (mistaken !== undefined) printError(mistaken);
  await ended;
  await gateway.close();
  return 0;
}

const whyNoProxy =
  "NO_PROXY keeps requests to the gateway, with its key, away from the proxy in this terminal's variables.\n\n";

/** Commands for the user's shell that send programs to the gateway. */
function instructions(address: GatewayAddress, chosen: BillingProfile): string {
  const assign =
    process.platform === 'win32'
      ? (name: string, value: string) => `  $env:${name} = "${value}"`
      : (name: string, value: string) => `  export ${name}=${shellWord(value)}`;
  const exceptions = proxyExceptions(process.env);
  const variables = { ...programVariables(allFamilies, address, chosen), ...exceptions };
  const lines = Object.entries(variables).map(entry => assign(...entry));
  const why = Object.keys(exceptions).length === 0 ? '' : whyNoProxy;
  return `The gateway listens at ${address.url} and bills ${formatProfile(chosen)}. Paste into another terminal:\n\n${lines.join('\n')}\n\n${why}It serves until Ctrl+C.\n`;
}

/** Quotes for POSIX shells where a character needs it. */
function shellWord(value: string): string {
  return /^[\w./:,@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

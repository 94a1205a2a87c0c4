import { once } from 'node:events';
import os from 'node:os';
import { tokenFileStamp, tokenPaths } from '../account/hfTokens.ts';
import { allKeys, environmentKeyring } from '../billing/keyring.ts';
import { PayerStore } from '../billing/payerStore.ts';
import { type BillingProfile, formatProfile, personalProfile } from '../billing/profile.ts';
import { newGatewayKey } from '../gateway/gatewayKey.ts';
import type { Gateway, GatewayConfig } from '../gateway/options.ts';
import { allFamilies, type GatewayAddress, programVariables } from '../gateway/programVariables.ts';
import { proxyExceptions } from '../gateway/proxyExceptions.ts';
import { sessionIdOf } from '../gateway/sessionId.ts';
import { descriptorShortage } from '../hub/descriptorLimit.ts';
import { proxyFromEnvironment } from '../hub/proxy.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OptionsOf } from './command.ts';
import { followMs, workspaceOf } from './configuration.ts';
import { announcedConnections } from './connections.ts';
import { missingKey, mistakenToken, usedToken } from './credentials.ts';
import { choosingAccount, knownBalance } from './knownAccount.ts';
import { type Serving, startServing } from './serving.ts';
import { ledgerNotice, openStateLedger } from './stateLedger.ts';
import { printError, printJson } from './terminal.ts';

const longestWaitMs = 60_000;
const withoutToken =
  'no token of Hugging Face was found: only what is public can be read, and what a key of a provider pays for works. Run `hf auth login`, whose token counts from then on, or set HF_TOKEN and start the gateway again.';
const unwritable =
  'The gateway serves all the same. Its records end with it, and other programs see neither them nor the limits that it learns.';

/**
 * Serves until SIGTERM or SIGINT. Returns the exit code.
 * @throws UsageError
 */
export async function runGateway(options: OptionsOf<'gateway'>, version: string): Promise<number> {
  const shortage = descriptorShortage();
  if (shortage !== undefined) {
    printError(shortage);
    return 1;
  }
  const { port, failover, pacing } = options;
  const environment = process.env;
  const fixed = {
    ...announcedConnections(environment, options.json),
    keys: await allKeys(environmentKeyring(environment)),
    workspace: workspaceOf(environment),
    failover,
    pacing,
    longestWaitMs,
  };
  for (const profile of failover) {
    const missing = await missingKey(profile, environment);
    if (missing === undefined) continue;
    printError(missing);
    return 1;
  }
  const ended = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const ledger = openStateLedger(options.state, environment);
  const userAgent = `headroom/${version} cli`;
  let token = usedToken(environment)?.token;
  let asked: string | undefined;
  const account = () => choosingAccount(ledger, token, fixed.servers);
  const payers = new PayerStore(ledger, { workspace: fixed.workspace, account });
  /** Once for each token whose account may have chosen another payer. True when Hugging Face has named it. */
  const learn = async () => {
    if (token === undefined || token === asked || !payers.needsAccount) return false;
    asked = token;
    // loads undici
    return (await import('./learnAccount.ts')).learnAccount(ledger, token, fixed.servers, userAgent);
  };
  const currentConfig = (): GatewayConfig => {
    token = usedToken(environment)?.token;
    const { chosen, standIn } = payers.payer;
    return { ...fixed, token, profile: chosen, standIn, sessionId: sessionIdOf(ledger, fixed.workspace) };
  };
  await learn();
  const config = currentConfig();
  const key = newGatewayKey();
  let serving: Serving;
  try {
    serving = await startServing({
      port,
      key,
      config,
      network: { proxy: proxyFromEnvironment(environment) },
      ledger,
      userAgent,
      onEvent: event => {
        if (event.kind === 'stand-in') payers.standIn(event.standIn);
      },
      log: printError,
    });
  } catch (error) {
    ledger.close();
    printError(listenFailure(error, port));
    return 1;
  }
  const { gateway } = serving;
  const noticeLedger = ledgerNotice(ledger, unwritable);
  const look = follower(gateway, config, currentConfig, ledger);
  const follow = () => {
    if (look()) void learn().then(isNew => isNew && look({ always: true }));
    noticeLedger();
  };
  follow();
  const following = setInterval(follow, followMs).unref();
  const address = { url: gateway.url, key, hub: gateway.hub };
  if (options.json) printJson(address, 'line');
  else process.stdout.write(instructions(address, payers.payer.chosen));
  const mistaken = mistakenToken(environment) ?? (token === undefined ? withoutToken : undefined);
  if (mistaken !== undefined) printError(mistaken);
  await ended;
  clearInterval(following);
  await serving.close();
  ledger.close();
  return 0;
}

/**
 * Applies changes since `started` made by other processes: the payer in the ledger, and the token in its file. False
 * when neither was written, and nothing was read.
 */
export function follower(
  gateway: Pick<Gateway, 'configure' | 'balance'>,
  started: GatewayConfig,
  currentConfig: () => GatewayConfig,
  ledger: Ledger,
): (how?: { readonly always: boolean }) => boolean {
  const { tokenFile } = tokenPaths(process.env, os.homedir());
  let seen: string | undefined;
  let applied = JSON.stringify(started);
  return ({ always } = { always: false }) => {
    const stamp = `${ledger.dataVersion()} ${tokenFileStamp({ kind: 'token-file', path: tokenFile })}`;
    if (stamp === seen && !always) return false;
    seen = stamp;
    const config = currentConfig();
    const text = JSON.stringify(config);
    // most writes to the ledger change no configuration: other gateways share limits each second
    if (text !== applied) gateway.configure(config);
    applied = text;
    const { token, servers } = config;
    const balance = token === undefined ? undefined : knownBalance(ledger, token, servers);
    if (balance) gateway.balance(formatProfile(personalProfile), balance);
    return true;
  };
}

function listenFailure(error: unknown, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `port ${port} is taken by another program. Choose another port, or leave --port out for a free one.`;
  }
  if (code === 'EACCES') return `this user may not listen on port ${port}. Choose a port above 1023.`;
  return `the gateway could not start: ${message}`;
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

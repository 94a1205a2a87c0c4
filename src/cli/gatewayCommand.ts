import os from 'node:os';
import { tokenFileStamp, tokenPaths } from '../account/hfTokens.ts';
import { allKeys, environmentKeyring } from '../billing/keyring.ts';
import { PayerStore } from '../billing/payerStore.ts';
import { type BillingProfile, formatProfile, personalProfile } from '../billing/profile.ts';
import { newGatewayKey } from '../gateway/gatewayKey.ts';
import type { GatewayConfig } from '../gateway/options.ts';
import { allFamilies, programVariables } from '../gateway/programVariables.ts';
import { proxyExceptions } from '../gateway/proxyExceptions.ts';
import { sessionIdOf } from '../gateway/sessionId.ts';
import { proxyFromEnvironment } from '../hub/proxy.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/openLedger.ts';
import { configuredProviderUrls, configuredServers, ledgerDirectory, workspaceOf } from './configuration.ts';
import { followMs } from './following.ts';
import { knownBalance } from './knownAccount.ts';
import { missingKey } from './missingKey.ts';
import { type Serving, startServing } from './serving.ts';
import { mistakenToken, usedToken } from './usedToken.ts';

const longestWaitMs = 60_000;
const graceMs = 5_000;

export interface GatewayCommandOptions {
  readonly port: number;
  /** Who may stand in, in this order. */
  readonly failover: readonly BillingProfile[];
  readonly pacing: GatewayConfig['pacing'];
  readonly json: boolean;
  readonly state?: string;
}

/**
 * Serves until SIGTERM or SIGINT. Returns the exit code.
 * @throws UsageError
 */
export async function runGateway(options: GatewayCommandOptions, version: string): Promise<number> {
  const environment = process.env;
  const fixed = {
    servers: configuredServers(environment),
    providerUrls: configuredProviderUrls(environment),
    keys: await allKeys(environmentKeyring(environment)),
    workspace: workspaceOf(environment),
    failover: options.failover,
    pacing: options.pacing,
  };
  for (const profile of options.failover) {
    const missing = await missingKey(profile, environment);
    if (missing === undefined) continue;
    process.stderr.write(`headroom: ${missing}\n`);
    return 1;
  }
  const ended = new Promise<void>(resolve => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const ledger = openLedger({ directory: ledgerDirectory(options.state, environment), now: Date.now });
  const payers = new PayerStore(ledger, fixed.workspace);
  const key = newGatewayKey();
  let serving: Serving;
  try {
    serving = await startServing({
      port: options.port,
      key,
      config: configNow(fixed, payers, ledger),
      network: { proxy: proxyFromEnvironment(environment) },
      ledger,
      userAgent: `headroom/${version} cli`,
      onEvent: event => {
        if (event.kind === 'stand-in') payers.standIn(event.standIn);
      },
      log: line => void process.stderr.write(`headroom: ${line}\n`),
    });
  } catch (error) {
    ledger.close();
    process.stderr.write(`headroom: ${whyNotListening(error, options.port)}\n`);
    return 1;
  }
  tellBalance(serving, fixed, ledger);
  tell(serving.url, key, payers, options.json);
  const mistaken = mistakenToken(environment);
  if (mistaken !== undefined) process.stderr.write(`headroom: ${mistaken}\n`);
  const following = setInterval(follower(serving, fixed, payers, ledger), followMs).unref();
  await ended;
  clearInterval(following);
  await serving.close(graceMs);
  ledger.close();
  return 0;
}

type Fixed = Pick<GatewayConfig, 'servers' | 'providerUrls' | 'keys' | 'workspace' | 'failover' | 'pacing'>;

function configNow(fixed: Fixed, payers: PayerStore, ledger: Ledger): GatewayConfig {
  const { chosen, standIn } = payers.payer;
  return {
    ...fixed,
    token: usedToken(process.env)?.token,
    profile: chosen,
    standIn,
    sessionId: sessionIdOf(ledger, fixed.workspace),
    longestWaitMs: longestWaitMs,
    pacing: fixed.pacing,
  };
}

/** Hands over what another process changed: who pays, and the token in a file. */
function follower(serving: Serving, fixed: Fixed, payers: PayerStore, ledger: Ledger): () => void {
  const { tokenFile } = tokenPaths(process.env, os.homedir());
  const stampNow = () => `${ledger.dataVersion()} ${tokenFileStamp({ kind: 'token-file', path: tokenFile })}`;
  let seen = stampNow();
  let handed = JSON.stringify(configNow(fixed, payers, ledger));
  return () => {
    const stamp = stampNow();
    if (stamp === seen) return;
    seen = stamp;
    const config = configNow(fixed, payers, ledger);
    const text = JSON.stringify(config);
    // most of what is written is none of it, such as what other gateways learn each second
    if (text !== handed) serving.configure(config);
    handed = text;
    tellBalance(serving, fixed, ledger);
  };
}

function tellBalance(serving: Serving, { servers }: Fixed, ledger: Ledger): void {
  const token = usedToken(process.env)?.token;
  const balance = token === undefined ? undefined : knownBalance(ledger, token, servers);
  if (balance) serving.balance(formatProfile(personalProfile), balance);
}

function whyNotListening(error: unknown, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `port ${port} is taken by another program. Choose another one, or leave --port out for one that is free.`;
  }
  if (code === 'EACCES') return `this user may not listen on port ${port}. Choose one above 1023.`;
  return `the gateway could not start: ${message}`;
}

function tell(url: string, key: string, payers: PayerStore, json: boolean): void {
  const { stdout } = process;
  if (json) return void stdout.write(`${JSON.stringify({ url, key })}\n`);
  const { chosen } = payers.payer;
  const assign =
    process.platform === 'win32'
      ? (name: string, value: string) => `  $env:${name} = "${value}"`
      : (name: string, value: string) => `  export ${name}=${shellWord(value)}`;
  const exceptions = proxyExceptions(process.env);
  const variables = { ...programVariables(allFamilies, { url, key }, chosen), ...exceptions };
  const lines = Object.entries(variables).map(entry => assign(...entry));
  const why = Object.keys(exceptions).length === 0 ? '' : `${whyNoProxy}\n\n`;
  stdout.write(
    `The gateway listens at ${url} and bills ${formatProfile(chosen)}. Paste into another terminal:\n\n${lines.join('\n')}\n\n${why}It serves until Ctrl+C.\n`,
  );
}

const whyNoProxy =
  "NO_PROXY keeps what is sent to the gateway, its key included, from the proxy that this terminal's variables name.";

/** As it is where no shell reads anything into it. */
function shellWord(value: string): string {
  return /^[\w./:,@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

import os from 'node:os';
import { tokenFileStamp, tokenPaths } from '../account/hfTokens.ts';
import { pausingBudgets } from '../billing/budget.ts';
import { allKeys, environmentKeyring } from '../billing/keyring.ts';
import { PayerStore } from '../billing/payerStore.ts';
import { formatProfile, mayPay, personalProfile } from '../billing/profile.ts';
import { newGatewayKey } from '../gateway/gatewayKey.ts';
import type { Gateway, GatewayConfig, GatewayEvent, GatewayOptions } from '../gateway/options.ts';
import type { GatewayAddress } from '../gateway/programVariables.ts';
import { sessionIdOf } from '../gateway/sessionId.ts';
import { descriptorShortage } from '../hub/descriptorLimit.ts';
import { proxyFromEnvironment } from '../hub/proxy.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { followMs, workspaceOf } from './configuration.ts';
import { announcedConnections } from './connections.ts';
import { missingKey, usedToken } from './credentials.ts';
import { choosingAccount, knownBalance } from './knownAccount.ts';
import { type Serving, startServing } from './serving.ts';
import { ledgerNotice, openStateLedger } from './stateLedger.ts';
import { printError } from './terminal.ts';

const longestWaitMs = 60_000;
const unwritable =
  'The gateway serves all the same. Its records end with it, and other programs see neither them nor the limits that it learns.';

export interface OwnGatewayOptions extends Pick<GatewayOptions, 'port' | 'onTallies'> {
  /** What the caller prints is JSON. */
  readonly json: boolean;
  /** `--state` */
  readonly state?: string;
  /** Profiles that may stand in, in this order. */
  readonly failover: GatewayConfig['failover'];
  readonly pacing: GatewayConfig['pacing'];
  /** For all that is billed from now on. */
  readonly capNanoUsd?: number;
  readonly version: string;
  readonly onEvent?: (event: GatewayEvent) => void;
}

export interface OwnGateway {
  readonly address: GatewayAddress;
  readonly payers: PayerStore;
  /** Undefined: none was found. */
  readonly token: string | undefined;
  /** Lets requests in flight end. */
  close(): Promise<void>;
}

/** A gateway of this process, configured as its environment and the ledger say. Undefined after an error was printed. */
export async function startOwnGateway(options: OwnGatewayOptions): Promise<OwnGateway | undefined> {
  const shortage = descriptorShortage();
  if (shortage !== undefined) {
    printError(shortage);
    return undefined;
  }
  const { port, failover, pacing, version, capNanoUsd, onTallies, onEvent } = options;
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
    return undefined;
  }
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
    const monthly = pausingBudgets(ledger, mayPay(payers.payer, failover), fixed.workspace);
    const budgets = capNanoUsd === undefined ? monthly : [...monthly, { pauseAtNanoUsd: capNanoUsd }];
    const sessionId = sessionIdOf(ledger, fixed.workspace);
    return { ...fixed, token, profile: chosen, standIn, sessionId, budgets };
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
      onTallies,
      onEvent: event => {
        if (event.kind === 'stand-in') payers.standIn(event.standIn);
        onEvent?.(event);
      },
      log: printError,
    });
  } catch (error) {
    ledger.close();
    printError(listenFailure(error, port));
    return undefined;
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
  return {
    address: { url: gateway.url, key, hub: gateway.hub },
    payers,
    token,
    async close() {
      clearInterval(following);
      await serving.close();
      ledger.close();
    },
  };
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

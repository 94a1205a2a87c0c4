import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { AccountService } from '../../account/accountService.ts';
import { systemClock } from '../../account/clock.ts';
import { accountFingerprints } from '../../account/fingerprint.ts';
import { explainPrinted } from '../../account/printedRefusal.ts';
import { Sessions } from '../../account/sessions.ts';
import type { Snapshot } from '../../account/snapshot.ts';
import type { BudgetScope } from '../../billing/budget.ts';
import { checkKey } from '../../billing/keyCheck.ts';
import { secretKeyring } from '../../billing/keyring.ts';
import { mayPay, personalProfile } from '../../billing/profile.ts';
import { ProviderModels } from '../../billing/providerModels.ts';
import { parseProviderUrls } from '../../billing/providerUrls.ts';
import { routerOffers } from '../../billing/routerOffers.ts';
import { createHttp, type Http } from '../../hub/http.ts';
import { chosenProxy } from '../../hub/proxy.ts';
import { readPublic } from '../../hub/readPublic.ts';
import { listRouterModels } from '../../hub/router.ts';
import { InvalidServerUrl, parseServers } from '../../hub/servers.ts';
import { rememberFolder } from '../../ledger/folderNames.ts';
import { openLedger } from '../../ledger/openLedger.ts';
import { monthStart } from '../../limits/account/credits.ts';
import { budgetSpend, budgetStates } from '../../view/account/budgetState.ts';
import type { ModelLookup } from '../../view/billing/snippetModel.ts';
import { settingsPrefix } from '../../view/contributions.ts';
import {
  watchBudgets,
  watchFolderUse,
  watchGatewayUse,
  watchLearnedWindows,
  watchToday,
} from './ledgerWatches.ts';
import { logUntil } from './logUntil.ts';
import { ownServers } from './ownServers.ts';
import { PayerWatch } from './payerWatch.ts';
import { failoverProfiles, gatewaySettings, userProxy, userServers, viewSettings } from './settings.ts';
import { startWatching } from './watching.ts';
import { workspaceId } from './workspaceId.ts';

/** The services behind the views. */
export type Core = ReturnType<typeof startCore>;

/** Loaded after activation: it imports undici, valibot and SQLite. */
export function startCore(context: vscode.ExtensionContext, channel: vscode.LogOutputChannel) {
  const ended = new AbortController();
  const log = logUntil(ended.signal, channel);
  const servers = parseServers(userServers());
  const { now } = systemClock;
  const ledger = openLedger({
    directory: context.globalStorageUri.fsPath,
    now,
    log: line => log.info(line),
  });
  const sessions = new Sessions({ secrets: context.secrets, ledger, log });
  const { version } = context.extension.packageJSON as { version: string };
  let http: Http | undefined;
  const sharedHttp = () => {
    const { proxy, strictSSL } = userProxy();
    http ??= createHttp({
      proxy: chosenProxy(proxy, process.env),
      strictSSL,
      userAgent: `headroom/${version} vscode/${vscode.version}`,
      now,
      onResponse: response => service.observer.observe(response),
    });
    return http;
  };
  const service = new AccountService({
    ledger,
    sessions,
    servers,
    http: sharedHttp,
    clock: systemClock,
    random: Math.random,
    log,
    holder: randomUUID(),
  });
  const token = () => service.session?.token;
  const providerModels = new ProviderModels({
    http: { getJson: (...request) => sharedHttp().getJson(...request) },
    servers: () => servers,
    token,
    now,
  });
  const offers = routerOffers({
    http: { getJson: (...request) => sharedHttp().getJson(...request) },
    servers: () => servers,
    token,
    ledger,
    now,
  });
  const workspace = workspaceId(vscode.workspace, context.workspaceState);
  const { name: folder } = vscode.workspace;
  if (workspace !== undefined && folder !== undefined) rememberFolder(ledger, workspace, folder);
  const account = () => accountFingerprints(token(), servers, service.snapshot.account.value);
  const payerWatch = new PayerWatch({ ledger, workspace, account, now });
  service.onDidChange(() => payerWatch.look());
  const serverNow = () => now() + (service.snapshot.clockSkewMs ?? 0);
  const gatewayUse = watchGatewayUse(ledger, serverNow);
  // the user's own budget is shown with every payer
  const payers = () => mayPay(payerWatch.payer, [...failoverProfiles(), personalProfile]);
  const budgets = watchBudgets(ledger, payers, workspace, () => viewSettings().budgetNanoUsd);
  const budgeted = () => budgets.value.find(budget => budget.workspace !== undefined)?.workspace;
  const folderUse = watchFolderUse(ledger, budgeted, serverNow);
  budgets.onDidChange(() => folderUse.look());
  const today = watchToday(ledger, workspace, now);
  const learned = watchLearnedWindows(ledger, token, now);
  const namedServers = () => ownServers(servers, context.workspaceState);
  const watching = startWatching({
    ledger,
    servers: namedServers,
    now,
    log,
    explain: refusal => explainPrinted(refusal, service.snapshot, now()),
    onRecorded: () => service.showWritten(),
  });
  const secretsChange = context.secrets.onDidChange(() => void service.followSession());
  return {
    service,
    sessions,
    ledger,
    servers: namedServers,
    payerWatch,
    gatewayUse,
    folderUse,
    budgets,
    /** Of a budget that is not set yet, too. */
    budgetSpend(scope: BudgetScope) {
      const folder = scope.workspace && ledger.workspaceTotals(scope.workspace, monthStart(serverNow()));
      return budgetSpend(scope, gatewayUse.value.totals, folder || []);
    },
    budgetStates: () => budgetStates(budgets.value, gatewayUse.value.totals, folderUse.value),
    today,
    learned,
    keyring: secretKeyring(context.secrets),
    /** What each provider asks for each model, shared with gateways. */
    offers,
    models: {
      async routerModels(signal) {
        const list = (shown?: string) => listRouterModels(sharedHttp(), servers, shown, signal);
        return (await readPublic(token(), list)).items;
      },
      ownModelName: (provider, model, signal) => providerModels.find(provider, model, signal),
    } satisfies ModelLookup,
    /**
     * Asks the provider whether it accepts the key.
     * @throws InvalidProviderKey, InvalidProviderUrl
     */
    checkKey(provider: string, key: string, signal: AbortSignal) {
      const urls = parseProviderUrls(gatewaySettings().providerUrls);
      return checkKey(sharedHttp(), provider, key, urls, signal);
    },
    dispose() {
      ended.abort();
      secretsChange.dispose();
      for (const part of [service, payerWatch, gatewayUse, folderUse, budgets, today, learned, watching]) {
        part.dispose();
      }
      void http?.close();
      ledger.close();
    },
  };
}

/** Explains an error of `startCore` in the views. */
export function whyNotStarted(error: unknown): Pick<Snapshot, 'sessionProblem'> {
  if (!(error instanceof InvalidServerUrl)) return {};
  const message = `The setting ${settingsPrefix}.${error.message}.`;
  return { sessionProblem: { kind: 'server-url', message } };
}

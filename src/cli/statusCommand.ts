import { AccountService } from '../account/accountService.ts';
import { systemClock } from '../account/clock.ts';
import { accountFingerprints } from '../account/fingerprint.ts';
import type { FoundToken } from '../account/hfTokens.ts';
import { sourceId } from '../account/sessions.ts';
import { PayerStore } from '../billing/payerStore.ts';
import { learnedWindows } from '../gateway/pacing/learnedWindows.ts';
import { createHttp, type Http } from '../hub/http.ts';
import { proxyFromEnvironment } from '../hub/proxy.ts';
import type { Servers } from '../hub/servers.ts';
import type { OptionsOf } from './command.ts';
import { workspaceOf } from './configuration.ts';
import { announcedServers } from './connections.ts';
import { mistakenToken, usedToken } from './credentials.ts';
import { type StatusJson, statusJson } from './json/statusJson.ts';
import { openStateLedger } from './stateLedger.ts';
import { statusTable } from './table/statusTable.ts';
import { interruptible, printError, printJson, showProgress, silentLog, tableWidth } from './terminal.ts';

/** Values this fresh are not read again: a script in a loop sends no more than one that runs every 5 s. */
const freshEnoughMs = 5_000;
/** Longer than any call: the live stream may take 15 s. */
const longestMs = 20_000;
/** The age up to which windows from gateways are shown. */
const learnedMs = 3_600_000;
const noToken =
  'No Hugging Face token was found. Set HF_TOKEN, or sign in with `hf auth login`; tokens are made at https://huggingface.co/settings/tokens.';

/**
 * Reads everything that is not fresh once, and prints it. Returns the exit code.
 * @throws UsageError
 */
export async function runStatus({ json, state }: OptionsOf<'status'>, version: string): Promise<number> {
  const servers = announcedServers(process.env, json);
  const found = usedToken(process.env);
  const interrupt = interruptible();
  const progress = found ? showProgress() : () => {};
  let status: StatusJson;
  try {
    status = await readStatus(found, servers, state, version, interrupt.signal);
  } finally {
    progress();
    interrupt.dispose();
  }
  return interrupt.exitCode ?? print(status, json);
}

/** @param state `--state` */
async function readStatus(
  found: FoundToken | undefined,
  servers: Servers,
  state: string | undefined,
  version: string,
  signal: AbortSignal,
): Promise<StatusJson> {
  const session = found && {
    summary: { id: sourceId(found.source), label: found.source.kind, source: found.source },
    token: found.token,
  };
  const ledger = openStateLedger(state, process.env);
  let http: Http | undefined;
  const service = new AccountService({
    ledger,
    sessions: { look: async () => ({ session }), stamp: () => '' },
    servers,
    http: () => {
      http ??= createHttp({
        proxy: proxyFromEnvironment(process.env),
        userAgent: `headroom/${version} cli`,
        now: systemClock.now,
        onResponse: response => service.observer.observe(response),
      });
      return http;
    },
    clock: systemClock,
    random: Math.random,
    log: silentLog,
    holder: `cli-${process.pid}`,
  });
  const late = AbortSignal.timeout(longestMs);
  try {
    await service.refresh({ signal: AbortSignal.any([signal, late]), maxAgeMs: freshEnoughMs });
    const { payer } = new PayerStore(ledger, {
      workspace: workspaceOf(process.env),
      account: () => accountFingerprints(found?.token, servers, service.snapshot.account.value),
    });
    const now = systemClock.now();
    const learned = learnedWindows(ledger.sharedLimits(now - learnedMs), found?.token);
    const status = statusJson(service.snapshot, service.problems, payer, now, learned);
    return { ...status, errors: [...ownErrors(found, late.aborted), ...status.errors] };
  } finally {
    service.dispose();
    await http?.close();
    ledger.close();
  }
}

function ownErrors(found: FoundToken | undefined, isLate: boolean): StatusJson['errors'] {
  const messages = [
    mistakenToken(process.env) ?? (found ? undefined : noToken),
    isLate ? `Not everything was answered within ${longestMs / 1000} s.` : undefined,
  ];
  return messages.filter(message => message !== undefined).map(message => ({ part: 'account', message }));
}

function print(status: StatusJson, json: boolean): number {
  const { stdout } = process;
  const known = isAnythingKnown(status);
  if (json) printJson(status, 'readable');
  else if (known) {
    const color = stdout.isTTY === true && stdout.hasColors();
    stdout.write(`${statusTable(status, { now: systemClock.now(), width: tableWidth(), color })}\n`);
  }
  if (known) return 0;
  printError(status.errors[0]?.message ?? 'Nothing is known about this account.');
  return 1;
}

/** Header windows come with refusals too, and refusals are in the ledger: neither says anything about the account. */
function isAnythingKnown({ account, credits, jobs, zeroGpu, rateWindows, ...rest }: StatusJson): boolean {
  const values = [account.name, credits.usedNanoUsd, jobs.usedNanoUsd, zeroGpu.totalSeconds];
  const gauges = rateWindows?.some(({ source }) => source === 'gauge');
  return gauges || [...values, rest.endpoints, rest.hardwareQuotas].some(value => value !== null);
}

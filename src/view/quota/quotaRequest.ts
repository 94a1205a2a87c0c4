import { computeOf } from '../../limits/account/endpointCost.ts';
import type { HardwareQuota } from '../../limits/account/endpoints.ts';
import { quotaEffect } from '../../limits/account/endpoints.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { formatQuota, type QuotaSubject, quotaOf } from '../../limits/refusals/quotaSubject.ts';
import { redact } from '../../limits/refusals/redact.ts';
import { lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { hubWindows } from '../account/windows.ts';
import { zeroGpuModel } from '../account/zeroGpuModel.ts';
import { totalOf } from '../refusals/refusalGroups.ts';
import { oneLine } from '../text/plainText.ts';
import { isoText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';

/** More names of endpoints are cut. */
const mostEndpoints = 20;

/** A request for more, always in English and UTC: it goes to Hugging Face's staff. */
export function quotaRequest(quota: QuotaSubject, input: ViewInput): string {
  const about = aboutQuota(quota, input);
  const refusals = input.snapshot.refusals.filter(refusal => isAbout(refusal, quota));
  const words = refusals[0]?.message;
  const lines = [
    `Request for more: ${about.what}`,
    '',
    `Account: ${accountText(about.namespace, input)}`,
    `In use: ${about.used ?? 'not known to me'} (${utcText(input.now)})`,
    about.users ? `Used by: ${about.users}` : undefined,
    `Refused: ${refusedText(refusals)}`,
    words ? `Your words: "${oneLine(redact(words), 300)}"` : undefined,
    'Wanted: … (how much, and until when)',
    'For: … (what it is used for)',
  ];
  return `${lines.filter(line => line !== undefined).join('\n')}\n`;
}

interface QuotaFacts {
  readonly what: string;
  readonly namespace?: string;
  readonly used?: string;
  readonly users?: string;
}

function aboutQuota({ kind, of = '', id }: QuotaSubject, input: ViewInput): QuotaFacts {
  switch (kind) {
    case 'endpoint-hardware': {
      const compute = input.snapshot.hardware[of]?.value?.find(each => each.id === id);
      if (!compute) return { what: 'accelerators for Inference Endpoints', namespace: of };
      const { architecture, instanceType, instanceSize, vendor, region, used, max } = compute;
      return {
        what: `${oneLine(architecture, 60)} (${oneLine(`${instanceType} ${instanceSize}, ${vendor} ${region}`, 80)}) for Inference Endpoints`,
        namespace: of,
        used: `${used ?? 'an unknown number'} of ${max ?? 'an unknown number of'} accelerators`,
        users: endpointsOn(compute, input),
      };
    }
    case 'endpoints':
      return { what: 'accelerators for Inference Endpoints' };
    case 'zero-gpu': {
      const zeroGpu = zeroGpuModel(input);
      if (!zeroGpu) return { what: 'ZeroGPU time' };
      const { totalSeconds, remainingSeconds } = zeroGpu;
      const used = Math.round(Math.max(0, totalSeconds - remainingSeconds));
      return { what: 'ZeroGPU time', used: `${used} of ${Math.round(totalSeconds)} seconds in 24 hours` };
    }
    case 'storage':
      return { what: of === 'storage' ? 'storage' : oneLine(of, 40) };
    case 'space-hardware':
      return { what: 'hardware for Spaces' };
    case 'hub-window': {
      const window = hubWindows(input).find(({ bucket }) => bucket === of);
      const what = `requests to the Hub (rate limit "${oneLine(of, 40)}")`;
      if (window?.limit === undefined || window.remaining === undefined || window.isOver) return { what };
      return { what, used: `${window.limit - window.remaining} of ${window.limit} requests in the window` };
    }
  }
}

function endpointsOn(compute: HardwareQuota, { snapshot }: ViewInput): string {
  const { namespace } = compute;
  const users = (snapshot.endpoints[namespace]?.value ?? []).filter(
    endpoint =>
      computeOf(endpoint, snapshot.hardware[namespace]?.value ?? [])?.id === compute.id &&
      quotaEffect(endpoint).counts !== false,
  );
  const shown = users
    .slice(0, mostEndpoints)
    .map(({ name, state }) => `${oneLine(name, 40)} (${oneLine(state, 20)})`);
  return [...shown, ...(users.length > mostEndpoints ? ['…'] : [])].join(', ');
}

function accountText(namespace: string | undefined, { snapshot }: ViewInput): string {
  const account = snapshot.account.value;
  if (!account) return namespace ?? 'not known to me';
  const labelled = (name: string, plan = account.plan) => {
    const label = planLabel(plan);
    return label ? `${oneLine(name, 60)} (${label})` : oneLine(name, 60);
  };
  if (namespace === undefined || namespace === account.name) return labelled(account.name);
  const plan = account.organizations.find(({ name }) => name === namespace)?.plan ?? 'unknown';
  return `${labelled(namespace, plan)}, asked by ${oneLine(account.name, 60)}`;
}

/** @param refusals newest first */
function refusedText(refusals: readonly Refusal[]): string {
  const [newest] = refusals;
  if (!newest) return 'not lately, as far as I know';
  const count = totalOf(refusals);
  const first = Math.min(...refusals.map(({ at }) => at));
  if (count === 1) return `once, at ${utcText(first)}`;
  return `${count} times since ${utcText(first)}, last at ${utcText(lastOf(newest))}`;
}

/** `2026-10-14 09:30 UTC`. */
function utcText(at: number): string {
  return isoText(at).replace(/T(\d\d:\d\d).*Z$/, ' $1 UTC');
}

/** Refusals of endpoints say in words only which hardware they are about. */
function isAbout(refusal: Refusal, quota: QuotaSubject): boolean {
  const refused = quotaOf(refusal);
  if (!refused) return false;
  if (quota.kind === 'endpoint-hardware') return refused.kind === 'endpoints';
  return formatQuota(refused) === formatQuota(quota);
}

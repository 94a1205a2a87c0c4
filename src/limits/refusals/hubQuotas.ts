import type { Answer } from './answer.ts';
import { endpointsHost } from './answeredBy.ts';
import type { RefusalRule, Verdict } from './refusalRule.ts';
import { wordedRetryAt } from './wordedRetry.ts';
import { readGpuCall } from './zeroGpuCall.ts';

const by = 'huggingface';

/** What HF counts in other things than requests and money: GPU seconds, bytes, accelerators. */
export const hubQuotaRules: readonly RefusalRule[] = [
  { name: 'zero-gpu', needles: ['gpu'], statuses: [200, 400, 402, 403, 429, 500, 503], recognise: zeroGpu },
  { name: 'storage', needles: ['storage'], statuses: [200, 400, 402, 403, 413, 429], recognise: storage },
  {
    name: 'endpoint-quota',
    needles: ['quota'],
    statuses: [400, 402, 403, 409, 422, 429],
    recognise: endpointQuota,
  },
  {
    name: 'disabled-provider',
    needles: ['bled', 'wed'],
    statuses: [200, 400, 403],
    recognise: disabledProvider,
  },
];

const gpuQuota = /exceeded your .{0,30}GPU (?:quota|runs)|GPU quota exceeded|reached its GPU limit/i;
const tooLong = /ZeroGPU illegal duration|requested GPU duration \(/i;

/** Texts of the `spaces` library: seconds are reserved before a call runs, so it may be refused with some left. */
function zeroGpu(answer: Answer): Verdict | undefined {
  const { text, at } = answer;
  const scope = 'ZeroGPU';
  if (/ZeroGPU pending credits exceeded/i.test(text)) return { cause: 'concurrency', by, scope };
  if (/No GPU (?:is|was) (?:currently )?available/i.test(text)) return { cause: 'capacity', by, scope };
  if (tooLong.test(text)) return { cause: 'quota', by, scope: 'ZeroGPU duration' };
  if (!gpuQuota.test(text)) return undefined;
  const remaining = readGpuCall(text)?.leftSeconds;
  return { cause: 'quota', by, scope, remaining, resetsAt: answer.retryAt ?? wordedRetryAt(text, at) };
}

function storage({ text }: Answer): Verdict | undefined {
  if (/private (?:repository )?storage (?:limit|quota)/i.test(text)) {
    return { cause: 'quota', by, scope: 'private storage' };
  }
  const full = /storage (?:limit|quota)|storage patterns tripped|exceed\w* .{0,40}\bstorage/i.test(text);
  return full ? { cause: 'quota', by, scope: 'storage' } : undefined;
}

function endpointQuota(answer: Answer): Verdict | undefined {
  if (answer.address.host !== endpointsHost || !/\bquota/i.test(answer.text)) return undefined;
  return { cause: 'quota', by, scope: 'Inference Endpoints', resetsAt: answer.retryAt };
}

/** An organization's admins may allow some providers only; money and patience don't help. */
function disabledProvider({ text }: Answer): Verdict | undefined {
  const disabled =
    /\bprovider\b.{0,60}\b(?:disabled|not (?:allowed|enabled))\b.{0,40}\b(?:organi[sz]ation|admin)/i;
  return disabled.test(text) ? { cause: 'quota', by, scope: 'disabled provider' } : undefined;
}

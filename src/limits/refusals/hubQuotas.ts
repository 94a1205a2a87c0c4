import { endpointsHost } from './answeredBy.ts';
import type { ErrorResponse } from './errorResponse.ts';
import type { RefusalRule, RuleMatch } from './refusalRule.ts';
import { wordedRetryAt } from './wordedTime.ts';
import { readGpuCall } from './zeroGpuCall.ts';

const by = 'huggingface';

/** HF's quotas of GPU seconds, bytes and accelerators. */
export const hubQuotaRules: readonly RefusalRule[] = [
  {
    name: 'zero-gpu',
    needles: [
      'zerogpu (?:pending credits exceeded|illegal duration|queue timeout|quotas?\\b|credits allocated)',
      'no gpu (?:is|was) (?:currently )?available',
      'requested gpu duration\\b',
      'exceeded your (?:.{0,30}gpu (?:quota|runs)|runs limit)',
      'gpu quota exceeded',
      'reached its gpu limit',
    ],
    openings: [
      'you have exceeded your (?:.{0,30}gpu|runs)\\b',
      'you have too many zerogpu',
      'the requested gpu duration\\b',
      'space app has reached its gpu',
      '(?:unlogged )?user is run{2,3}ing out of',
    ],
    statuses: [200, 400, 402, 403, 429, 500, 503],
    recognise: zeroGpu,
  },
  {
    name: 'storage',
    needles: [
      'private (?:repository )?storage (?:limit|quota)',
      'storage (?:limit|quota)',
      'storage patterns tripped',
      'exceed\\w* .{0,40}\\bstorage',
    ],
    openings: [
      'your storage patterns\\b',
      'you have exceeded your (?:public|private) storage',
      '(?:this|making this) .{0,40}\\bexceed your private storage',
    ],
    statuses: [200, 400, 402, 403, 413, 429],
    recognise: storage,
  },
  {
    name: 'space-hardware',
    needles: ['reached your .{0,24}\\bquota limit\\b'],
    openings: ["you['’]ve reached your .{0,24}\\bquota limit"],
    statuses: [200, 402, 403, 429],
    recognise: spaceHardware,
  },
  { name: 'endpoint-quota', statuses: [400, 402, 403, 409, 422, 429], recognise: endpointQuota },
  {
    name: 'disabled-provider',
    needles: [
      'provider\\b.{0,60}\\b(?:disabled|not (?:allowed|enabled))\\b.{0,40}\\b(?:organi[sz]ation|admin)',
    ],
    statuses: [200, 400, 403],
    recognise: disabledProvider,
  },
];

/**
 * Texts of the `spaces` library: it reserves seconds before a call runs, so some may be left at a refusal.
 */
function zeroGpu({ text, at, retryAt, answeredBy }: ErrorResponse): RuleMatch | undefined {
  const scope = 'ZeroGPU';
  if (/pending credits exceeded|credits allocated/i.test(text)) return { cause: 'concurrency', by, scope };
  if (/queue timeout/i.test(text)) return { cause: 'capacity', by, scope };
  // PyTorch says so, too
  if (/No GPU (?:is|was)/i.test(text)) {
    return { cause: 'capacity', by: /no gpu was available after/i.test(text) ? by : answeredBy && by, scope };
  }
  if (/illegal duration|requested GPU duration/i.test(text)) {
    return { cause: 'quota', by, scope: 'ZeroGPU duration' };
  }
  if (!/exceeded|out of|limit/i.test(text)) return undefined; // a report of the quota
  const remaining = readGpuCall(text)?.leftSeconds;
  return { cause: 'quota', by, scope, remaining, resetsAt: retryAt ?? wordedRetryAt(text, at) };
}

function storage({ text }: ErrorResponse): RuleMatch {
  if (/private (?:repository )?storage (?:limit|quota)/i.test(text)) {
    return { cause: 'quota', by, scope: 'private storage' };
  }
  if (/your public storage space/i.test(text)) return { cause: 'quota', by, scope: 'public storage' };
  const isHubs = /storage patterns tripped|^(?:remote: )?repository storage limit reached/im.test(text);
  return { cause: 'quota', by: isHubs ? by : undefined, scope: 'storage' };
}

/** `You’ve reached your cpu-basic quota limit, please upgrade your account, or pause your previous Spaces …`. */
function spaceHardware({ text }: ErrorResponse): RuleMatch | undefined {
  return /\bSpaces?\b/.test(text) ? { cause: 'quota', by, scope: 'Space hardware' } : undefined;
}

/** The organization's admins allow some providers only; money and time don't help. */
function disabledProvider({ answeredBy }: ErrorResponse): RuleMatch {
  return { cause: 'quota', by: answeredBy && by, scope: 'disabled provider' };
}

function endpointQuota({ address, text, retryAt }: ErrorResponse): RuleMatch | undefined {
  if (address.host !== endpointsHost || !/\bquota/i.test(text)) return undefined;
  return { cause: 'quota', by, scope: 'Inference Endpoints', resetsAt: retryAt };
}

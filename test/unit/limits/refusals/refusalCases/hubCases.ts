import { at, chat, json, type RefusalCase, windowHeaders } from './refusalCase.ts';

export const hubCases: readonly RefusalCase[] = [
  {
    name: 'a full window of a signed-in account',
    seen: {
      headers: windowHeaders(0),
      bodyText: json(
        'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits',
      ),
    },
    expected: {
      cause: 'rate',
      by: 'huggingface',
      scope: 'api',
      limit: 1000,
      remaining: 0,
      windowSeconds: 300,
      resetsAt: at + 242_000,
    },
  },
  {
    name: 'an anonymous IP',
    seen: {
      bodyText: json(
        "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.",
      ),
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'anonymous' },
  },
  {
    name: 'repository commits, beside a window with 977 of 1000 left',
    seen: {
      headers: windowHeaders(977),
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes.',
      ),
    },
    expected: {
      cause: 'quota',
      by: 'huggingface',
      scope: 'repository commits',
      limit: 128,
      windowSeconds: 3600,
      resetsAt: at + 43 * 60_000,
    },
  },
  {
    name: 'repository commits for about an hour',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 1 hour.',
      ),
    },
    expected: { cause: 'quota', limit: 128, resetsAt: at + 3_600_000 },
  },
  {
    name: 'space creation',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for space creation (20 per day). You can retry this action in 1 day.',
      ),
    },
    expected: { scope: 'space creation', limit: 20, windowSeconds: 86_400, resetsAt: at + 86_400_000 },
  },
  {
    name: 'the old form of action limits, without a reset',
    seen: { bodyText: json('You have been rate-limited: exceeded our hourly quotas for action: commit') },
    expected: { cause: 'quota', scope: 'commit', windowSeconds: 3600 },
  },
  {
    name: 'whoami, counted by IP',
    seen: { url: 'https://huggingface.co/api/whoami-v2', bodyText: json('Too many requests') },
    expected: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: "whoami in huggingface_hub's words",
    seen: {
      url: '',
      bodyText:
        "You've hit the rate limit for the /whoami-v2 endpoint, which is intentionally strict for security reasons",
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: 'an HTML page with an empty window',
    seen: {
      headers: windowHeaders(0),
      bodyText:
        '<!DOCTYPE html><html><head><title>429</title><style>p{}</style></head><body><h1>429</h1><p>We had to rate limit you&#39;r requests</p></body></html>',
    },
    expected: {
      cause: 'rate',
      scope: 'api',
      remaining: 0,
      limit: 1000,
      resetsAt: at + 242_000,
      message: "429 We had to rate limit you'r requests",
    },
  },
  {
    name: 'a limit inside a 200',
    seen: {
      status: 200,
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 1 hour.',
      ),
    },
    expected: { status: 200, cause: 'quota', resetsAt: at + 3_600_000 },
  },
  {
    name: 'ZeroGPU time',
    seen: { bodyText: json('You have exceeded your free ZeroGPU quota (120s requested vs. 0s left)') },
    expected: { cause: 'quota', by: 'huggingface', scope: 'ZeroGPU' },
  },
  {
    name: "the library's words for a full window",
    seen: {
      url: '',
      bodyText:
        "(Request ID: Root=1-6a87;ecac)\n\n429 Too Many Requests: you have reached your 'api' rate limit.\nRetry after 76 seconds (0/1000 requests remaining in current 300s window).\nUrl: https://huggingface.co/api/datasets?search=git&limit=10.\nWe had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits",
    },
    expected: {
      cause: 'rate',
      by: 'huggingface',
      scope: 'api',
      limit: 1000,
      remaining: 0,
      windowSeconds: 300,
      resetsAt: at + 76_000,
    },
  },
  {
    name: "the library's words for a full window, without the server's",
    seen: {
      url: '',
      bodyText:
        "HfHubHTTPError: 429 Too Many Requests: you have reached your 'resolvers' rate limit.\nRetry after 55 seconds (0/5000 requests remaining in current 300s window).",
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'resolvers', limit: 5000, resetsAt: at + 55_000 },
  },
  {
    name: "the library's words for a window with room: the reset is the action's",
    seen: {
      url: '',
      bodyText:
        "429 Too Many Requests: you have reached your 'api' rate limit.\nRetry after 188 seconds (977/1000 requests remaining in current 300s window).\nUrl: https://huggingface.co/api/repos/create.\nYou have exceeded the rate limit for space creation (20 per day). You can retry this action in 1 day.",
    },
    expected: { cause: 'quota', scope: 'space creation', limit: 20, resetsAt: at + 86_400_000 },
  },
  {
    name: 'a batch of large files',
    seen: {
      url: '',
      bodyText:
        'batch response: We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user',
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'api', limit: 1000, windowSeconds: 300 },
  },
  {
    name: 'an unnamed action',
    seen: {
      bodyText: json(
        "You've been rate limited; you can retry this action in about 31 minutes. If you're a new user",
      ),
    },
    expected: { cause: 'quota', by: 'huggingface', resetsAt: at + 31 * 60_000 },
  },
  {
    name: 'organizations, two a day',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for organization creation (2 per 24 hours). You can retry this action in about 5 hours.',
      ),
    },
    expected: {
      cause: 'quota',
      scope: 'organization creation',
      limit: 2,
      windowSeconds: 86_400,
      resetsAt: at + 5 * 3_600_000,
    },
  },
  {
    name: "whoami's limit in an anonymous IP's words",
    seen: {
      url: 'https://huggingface.co/api/whoami-v2',
      bodyText: '<html><h1>429</h1><p>We had to rate limit your IP (203.0.113.7).</p></html>',
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: 'hf-inference without a token',
    seen: {
      url: 'https://router.huggingface.co/hf-inference/models/acme/m',
      bodyText: json('Rate limit reached. Please log in or use a HF access token'),
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'anonymous' },
  },
  {
    name: 'a HEAD request with its words in a header',
    seen: {
      headers: {
        'x-error-message':
          'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes.',
      },
    },
    expected: { cause: 'quota', scope: 'repository commits', resetsAt: at + 43 * 60_000 },
  },
  {
    name: 'a file, in the words of `requests`',
    seen: {
      url: '',
      bodyText:
        'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/acme/m/resolve/main/config.json',
    },
    expected: { cause: 'rate', by: 'huggingface', scope: 'resolvers' },
  },
  {
    name: 'ZeroGPU time in the older words, with a reset',
    seen: {
      status: 200,
      url: 'https://acme-demo.hf.space/queue/data',
      bodyText: json(
        'You have exceeded your GPU quota (46s left vs. 60s requested). Sign-up on Hugging Face to get more quotas or retry in 0:09:48.',
      ),
    },
    expected: { cause: 'quota', by: 'huggingface', scope: 'ZeroGPU', remaining: 46, resetsAt: at + 588_000 },
  },
  {
    name: 'ZeroGPU time with a wait of 0',
    seen: {
      bodyText: json(
        'You have exceeded your Pro GPU quota (60s requested vs. 0s left). Try again in 0:00:00',
      ),
    },
    expected: { cause: 'quota', scope: 'ZeroGPU', remaining: 0 },
  },
  {
    name: 'ZeroGPU time reserved by running calls',
    seen: {
      bodyText: json('ZeroGPU pending credits exceeded. Try again once some of those tasks have completed.'),
    },
    expected: { cause: 'concurrency', by: 'huggingface', scope: 'ZeroGPU' },
  },
  {
    name: 'a ZeroGPU call beyond the longest duration',
    seen: { bodyText: json('The requested GPU duration (180s) is larger than the maximum allowed') },
    expected: { cause: 'quota', scope: 'ZeroGPU duration' },
  },
  {
    name: 'no free GPU',
    seen: { status: 503, bodyText: json('No GPU was available after 60s. Retry later') },
    expected: { cause: 'capacity', by: 'huggingface', scope: 'ZeroGPU' },
  },
  {
    name: 'private storage',
    seen: {
      status: 403,
      url: 'https://huggingface.co/api/datasets/acme/d/commit/main',
      bodyText: json(
        'Private repository storage limit reached, please upgrade your plan to increase your private storage limit.',
      ),
    },
    expected: { cause: 'quota', by: 'huggingface', scope: 'private storage' },
  },
  {
    name: 'storage patterns that HF wants to check',
    seen: {
      status: 403,
      bodyText: json(
        'Your storage patterns tripped our internal systems! Please contact us at website@huggingface.co so we can verify your account and unlock more storage for your use-case.',
      ),
    },
    expected: { cause: 'quota', by: 'huggingface', scope: 'storage' },
  },
  {
    name: 'the quota of Inference Endpoints',
    seen: {
      status: 400,
      url: 'https://api.endpoints.huggingface.cloud/v2/endpoint/acme',
      bodyText: json('Quota exceeded for nvidia-l4 in us-east-1'),
    },
    expected: { status: 400, cause: 'quota', by: 'huggingface', scope: 'Inference Endpoints' },
  },
  {
    name: 'a provider disabled by the admins',
    seen: { status: 403, url: chat, bodyText: json('Provider groq is disabled by your organization') },
    expected: { cause: 'quota', by: 'huggingface', scope: 'disabled provider' },
  },
];

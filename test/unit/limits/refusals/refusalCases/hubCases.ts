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
    told: {
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
    told: { cause: 'rate', by: 'huggingface', scope: 'anonymous' },
  },
  {
    name: 'repository commits, without blaming the window that still has 977 of 1000',
    seen: {
      headers: windowHeaders(977),
      bodyText: json(
        'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes.',
      ),
    },
    told: {
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
    told: { cause: 'quota', limit: 128, resetsAt: at + 3_600_000 },
  },
  {
    name: 'space creation',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for space creation (20 per day). You can retry this action in 1 day.',
      ),
    },
    told: { scope: 'space creation', limit: 20, windowSeconds: 86_400, resetsAt: at + 86_400_000 },
  },
  {
    name: 'the old form of action limits, without a reset',
    seen: { bodyText: json('You have been rate-limited: exceeded our hourly quotas for action: commit') },
    told: { cause: 'quota', scope: 'commit', windowSeconds: 3600 },
  },
  {
    name: 'whoami, which is counted by IP',
    seen: { url: 'https://huggingface.co/api/whoami-v2', bodyText: json('Too many requests') },
    told: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: "whoami in huggingface_hub's words",
    seen: {
      url: '',
      bodyText:
        "You've hit the rate limit for the /whoami-v2 endpoint, which is intentionally strict for security reasons",
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: 'an HTML page with an empty window',
    seen: {
      headers: windowHeaders(0),
      bodyText:
        '<!DOCTYPE html><html><head><title>429</title><style>p{}</style></head><body><h1>429</h1><p>We had to rate limit you&#39;r requests</p></body></html>',
    },
    told: {
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
    told: { status: 200, cause: 'quota', resetsAt: at + 3_600_000 },
  },
  {
    name: 'ZeroGPU time',
    seen: { bodyText: json('You have exceeded your free ZeroGPU quota (120s requested vs. 0s left)') },
    told: { cause: 'quota', by: 'huggingface', scope: 'ZeroGPU' },
  },
  {
    name: "the library's words for a full window",
    seen: {
      url: '',
      bodyText:
        "(Request ID: Root=1-6a87;ecac)\n\n429 Too Many Requests: you have reached your 'api' rate limit.\nRetry after 76 seconds (0/1000 requests remaining in current 300s window).\nUrl: https://huggingface.co/api/datasets?search=git&limit=10.\nWe had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits",
    },
    told: {
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
    told: { cause: 'rate', by: 'huggingface', scope: 'resolvers', limit: 5000, resetsAt: at + 55_000 },
  },
  {
    name: "the library's words for a window that is not to blame: the reset is the action's",
    seen: {
      url: '',
      bodyText:
        "429 Too Many Requests: you have reached your 'api' rate limit.\nRetry after 188 seconds (977/1000 requests remaining in current 300s window).\nUrl: https://huggingface.co/api/repos/create.\nYou have exceeded the rate limit for space creation (20 per day). You can retry this action in 1 day.",
    },
    told: { cause: 'quota', scope: 'space creation', limit: 20, resetsAt: at + 86_400_000 },
  },
  {
    name: 'a batch of large files',
    seen: {
      url: '',
      bodyText:
        'batch response: We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user',
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'api', limit: 1000, windowSeconds: 300 },
  },
  {
    name: 'an action that is not named',
    seen: {
      bodyText: json(
        "You've been rate limited; you can retry this action in about 31 minutes. If you're a new user",
      ),
    },
    told: { cause: 'quota', by: 'huggingface', resetsAt: at + 31 * 60_000 },
  },
  {
    name: 'organizations, of which a day allows two',
    seen: {
      bodyText: json(
        'You have exceeded the rate limit for organization creation (2 per 24 hours). You can retry this action in about 5 hours.',
      ),
    },
    told: {
      cause: 'quota',
      scope: 'organization creation',
      limit: 2,
      windowSeconds: 86_400,
      resetsAt: at + 5 * 3_600_000,
    },
  },
  {
    name: "whoami's limit in an anonymous IP's words: there a token does not help",
    seen: {
      url: 'https://huggingface.co/api/whoami-v2',
      bodyText: '<html><h1>429</h1><p>We had to rate limit your IP (203.0.113.7).</p></html>',
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'whoami-v2' },
  },
  {
    name: 'hf-inference without a token',
    seen: {
      url: 'https://router.huggingface.co/hf-inference/models/acme/m',
      bodyText: json('Rate limit reached. Please log in or use a HF access token'),
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'anonymous' },
  },
  {
    name: 'a HEAD request, which has its words in a header',
    seen: {
      headers: {
        'x-error-message':
          'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes.',
      },
    },
    told: { cause: 'quota', scope: 'repository commits', resetsAt: at + 43 * 60_000 },
  },
  {
    name: 'a file, in the words of `requests`',
    seen: {
      url: '',
      bodyText:
        'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/acme/m/resolve/main/config.json',
    },
    told: { cause: 'rate', by: 'huggingface', scope: 'resolvers' },
  },
  {
    name: 'ZeroGPU time in the older words, with the time to come back',
    seen: {
      status: 200,
      url: 'https://acme-demo.hf.space/queue/data',
      bodyText: json(
        'You have exceeded your GPU quota (46s left vs. 60s requested). Sign-up on Hugging Face to get more quotas or retry in 0:09:48.',
      ),
    },
    told: { cause: 'quota', by: 'huggingface', scope: 'ZeroGPU', remaining: 46, resetsAt: at + 588_000 },
  },
  {
    name: 'ZeroGPU time that is said to be back at once, which tells nothing',
    seen: {
      bodyText: json(
        'You have exceeded your Pro GPU quota (60s requested vs. 0s left). Try again in 0:00:00',
      ),
    },
    told: { cause: 'quota', scope: 'ZeroGPU', remaining: 0 },
  },
  {
    name: 'ZeroGPU time reserved by calls that still run',
    seen: {
      bodyText: json('ZeroGPU pending credits exceeded. Try again once some of those tasks have completed.'),
    },
    told: { cause: 'concurrency', by: 'huggingface', scope: 'ZeroGPU' },
  },
  {
    name: 'a ZeroGPU call that is longer than any may be',
    seen: { bodyText: json('The requested GPU duration (180s) is larger than the maximum allowed') },
    told: { cause: 'quota', scope: 'ZeroGPU duration' },
  },
  {
    name: "no free GPU, which is nobody's limit",
    seen: { status: 503, bodyText: json('No GPU was available after 60s. Retry later') },
    told: { cause: 'capacity', by: 'huggingface', scope: 'ZeroGPU' },
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
    told: { cause: 'quota', by: 'huggingface', scope: 'private storage' },
  },
  {
    name: 'storage that HF wants to look at',
    seen: {
      status: 403,
      bodyText: json(
        'Your storage patterns tripped our internal systems! Please contact us at website@huggingface.co so we can verify your account and unlock more storage for your use-case.',
      ),
    },
    told: { cause: 'quota', by: 'huggingface', scope: 'storage' },
  },
  {
    name: 'the quota of Inference Endpoints',
    seen: {
      status: 400,
      url: 'https://api.endpoints.huggingface.cloud/v2/endpoint/acme',
      bodyText: json('Quota exceeded for nvidia-l4 in us-east-1'),
    },
    told: { status: 400, cause: 'quota', by: 'huggingface', scope: 'Inference Endpoints' },
  },
  {
    name: 'a provider that the admins disabled',
    seen: { status: 403, url: chat, bodyText: json('Provider groq is disabled by your organization') },
    told: { cause: 'quota', by: 'huggingface', scope: 'disabled provider' },
  },
];

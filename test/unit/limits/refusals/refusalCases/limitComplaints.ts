import type { Complaint } from './complaint.ts';
import { at, json, windowHeaders } from './refusalCase.ts';

const commits =
  'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 1 hour.';
const printed429 = (path: string) =>
  `429 Client Error: Too Many Requests for url: https://huggingface.co${path} (Request ID: Root=1-68)`;
const hub = { status: 429, by: 'huggingface' } as const;

/** Complaints about requests, tokens and GPU time, with the texts that users quoted. */
export const limitComplaints: readonly Complaint[] = [
  {
    about: 'ZeroGPU time used up on PRO with credits: a call reserves its whole duration',
    source: 'forum 174850',
    seen: {
      status: 200,
      url: 'https://acme-demo.hf.space/queue/data',
      bodyText: json(
        'You have exceeded your Pro GPU quota (120s requested vs. 90s left). Try again in 3:12:05',
      ),
    },
    cause: {
      status: 200,
      cause: 'quota',
      by: 'huggingface',
      scope: 'ZeroGPU',
      remaining: 90,
      resetsAt: at + 11_525_000,
    },
    remedies: ['wait', 'open', 'ask-for-more'],
    sentence: /reserves its time before it runs: 120 s were asked for, 90 s are left\. It opens again at /,
  },
  {
    about: 'a ZeroGPU refusal without numbers',
    source: 'huggingface_hub#2842',
    seen: { bodyText: 'gradio_client.exceptions.AppError: You have exceeded your GPU quota.' },
    cause: { ...hub, cause: 'quota', scope: 'ZeroGPU' },
    remedies: ['wait', 'open', 'ask-for-more'],
    sentence: /^A ZeroGPU call reserves/,
  },
  {
    about: 'ZeroGPU refused to a user with an account: the call had no token',
    source: 'open-computer-use#28',
    seen: {
      bodyText:
        'The upstream Gradio app has raised an exception: You have exceeded your GPU quota (60s requested vs. 56s left). <a style="white-space: nowrap;" href="https://huggingface.co/join">Create a free account</a> to get more usage quota.',
    },
    cause: { ...hub, cause: 'quota', scope: 'ZeroGPU', remaining: 56 },
    remedies: ['use-token', 'wait', 'open'],
    sentence: /60 s were asked for, 56 s are left\. It came without a token/,
  },
  {
    about: 'a rate limit at sign-in',
    source: 'huggingface_hub#2843',
    seen: {
      url: 'https://huggingface.co/api/whoami-v2',
      bodyText:
        '<!DOCTYPE html><html><head><title>Hugging Face</title><style>body { margin: 0; }</style></head><body><main><h1>429</h1><p>We had to rate limit you. If you think it is an error, write to us</p></main></body></html>',
    },
    cause: { ...hub, cause: 'rate', scope: 'whoami-v2' },
    remedies: ['wait'],
    sentence: /by IP, whatever the token/,
  },
  {
    about: '429s in production: each worker requests each file at its start',
    source: 'huggingface_hub#3312',
    seen: {
      url: '',
      bodyText:
        "HfHubHTTPError: 429 Too Many Requests: you have reached your 'resolvers' rate limit.\nRetry after 55 seconds (0/5000 requests remaining in current 300s window).\nUrl: https://huggingface.co/acme/m/resolve/main/config.json.",
    },
    cause: {
      ...hub,
      cause: 'rate',
      scope: 'resolvers',
      limit: 5000,
      remaining: 0,
      windowSeconds: 300,
      resetsAt: at + 55_000,
    },
    remedies: ['wait', 'open', 'open', 'ask-for-more'],
    sentence:
      /^The Hub’s resolvers window is full: 5,000 requests in 5 min\. PRO allows 12,000, Team 20,000\. It opens again/,
  },
  {
    about: '429s in a large upload: the hourly commits, not the window that has room',
    source: 'huggingface_hub#2587, #3071, #3186',
    seen: {
      url: 'https://huggingface.co/api/datasets/acme/d/commit/main',
      headers: windowHeaders(977),
      bodyText: json(commits),
    },
    cause: {
      ...hub,
      cause: 'quota',
      scope: 'repository commits',
      limit: 128,
      windowSeconds: 3600,
      resetsAt: at + 3_600_000,
    },
    remedies: ['wait'],
    sentence: /quota is used up: repository commits\. It opens again/,
  },
  {
    about: 'a token that "seems invalid": whoami was refused because of its limit',
    source: 'huggingface_hub#2507',
    seen: { url: '', bodyText: `Invalid user token. ${printed429('/api/whoami-v2')}` },
    cause: { ...hub, cause: 'rate', scope: 'whoami-v2' },
    remedies: ['wait'],
    sentence: /limits whoami strictly/,
  },
  {
    about: 'the hourly quota of commits, in its first words',
    source: 'datasets#6257',
    seen: {
      url: '',
      bodyText: `${printed429('/api/datasets/acme/d/commit/main')}\n\nYou have exceeded our hourly quotas for action: commit. We invite you to retry later.`,
    },
    cause: { ...hub, cause: 'quota', scope: 'commit', windowSeconds: 3600 },
    remedies: ['wait'],
    sentence: /quota is used up: commit\.$/,
  },
  {
    about: 'a page that calls whoami at each rendering',
    source: 'autotrain-advanced#911, #936',
    seen: {
      url: '',
      bodyText: 'autotrain.app.utils:token_verification:138 - Failed to request /api/whoami-v2 - 429',
    },
    cause: { ...hub, cause: 'rate', scope: 'whoami-v2' },
    remedies: ['wait'],
    sentence: /limits whoami strictly/,
  },
  {
    about: 'a model that is "not found" or "can’t be connected to": its file got a 429',
    source: 'transformers#34841',
    seen: {
      url: '',
      bodyText: `requests.exceptions.HTTPError: ${printed429('/meta-llama/Meta-Llama-3-8B/resolve/main/config.json')}\nOSError: We couldn't connect to 'https://huggingface.co' to load this file`,
    },
    cause: { ...hub, cause: 'rate', scope: 'resolvers' },
    remedies: ['wait', 'open', 'open'],
    sentence:
      /^Hugging Face has had too many requests from here in a short time\. The server did not say when/,
  },
  {
    about: 'CI limited by IP in spite of its token: the requests had none',
    source: 'inspect_evals#885',
    seen: {
      bodyText: json(
        "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.",
      ),
    },
    cause: { ...hub, cause: 'rate', scope: 'anonymous' },
    remedies: ['use-token', 'wait'],
    sentence: /carried no token/,
  },
  {
    about: 'Groq’s tokens per day',
    source: 'continue#10920',
    seen: {
      url: '',
      bodyText:
        '429 Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_x` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 97050, Requested 3619. Please try again in 9m38.016s. Need more tokens%3F Upgrade',
    },
    cause: {
      status: 429,
      cause: 'tokens',
      by: 'groq',
      scope: 'tokens per day',
      limit: 100_000,
      remaining: 2950,
      windowSeconds: 86_400,
      resetsAt: at + 578_016,
    },
    remedies: ['wait', 'choose-provider', 'use-provider-key'],
    sentence: /^groq has had too many tokens/,
  },
  {
    about: 'Cerebras’s tokens per minute, made worse by retries',
    source: 'continue#9800, opencode#7463',
    seen: { url: '', bodyText: '"Tokens per minute limit exceeded - too many tokens processed."' },
    cause: { status: 429, cause: 'tokens', by: 'cerebras', scope: 'tokens per minute', windowSeconds: 60 },
    remedies: ['wait', 'choose-provider', 'use-provider-key'],
    sentence: /^cerebras has had too many tokens/,
  },
  {
    about: 'an endpoint that can’t be created, with a bare 500: no limit',
    source: 'huggingface_hub#2783',
    seen: {
      status: 500,
      url: 'https://api.endpoints.huggingface.cloud/v2/endpoint/ada',
      bodyText: 'Internal Server Error',
    },
    cause: undefined,
  },
];

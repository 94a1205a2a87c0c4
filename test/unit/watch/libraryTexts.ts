import { at, type Printed } from './printed.ts';

const hubWords =
  'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. See https://huggingface.co/docs/hub/rate-limits';
const full = {
  status: 429,
  cause: 'rate',
  by: 'huggingface',
  scope: 'api',
  limit: 1000,
  remaining: 0,
  windowSeconds: 300,
  resetsAt: at + 42_000,
  message: hubWords,
} as const;
const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers. Alternatively, subscribe to PRO to get 20x more included usage.';
const credits = { status: 402, cause: 'credits', by: 'huggingface', message: depleted } as const;
const groqWords =
  'Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_01hs` service tier `on_demand` on tokens per minute (TPM): Limit 12000, Used 4437, Requested 9854. Please try again in 11.455s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing';
const groq = {
  status: 429,
  cause: 'tokens',
  by: 'groq',
  scope: 'tokens per minute',
  limit: 12000,
  model: 'llama-3.3-70b-versatile',
  resetsAt: at + 11_455,
  message: groqWords,
} as const;
const frames = `Traceback (most recent call last):
  File "/home/ada/.venv/lib/python3.12/site-packages/huggingface_hub/utils/_http.py", line 402, in hf_raise_for_status
    response.raise_for_status()
    ~~~~~~~~~~~~~~~~~~~~~~~~~^^
  File "/home/ada/.venv/lib/python3.12/site-packages/httpx/_models.py", line 829, in raise_for_status
    raise HTTPStatusError(message, request=request, response=self)
`;
const cause = '\nThe above exception was the direct cause of the following exception:\n\n';

/** Refusals as libraries print them, with the text around them in a terminal. */
export const libraryTexts: readonly Printed[] = [
  {
    name: 'huggingface_hub 1.x, a full window with its traceback',
    text: `Fetching 12 files:  42%|####2     | 5/12 [00:01<00:02,  3.10it/s]\r${frames}httpx.HTTPStatusError: Client error '429 Too Many Requests' for url 'https://huggingface.co/api/models/gpt2'
For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/429
${cause}${frames}huggingface_hub.errors.HfHubHTTPError: (Request ID: Root=1-6a875254-0bb52cd14cfc8aeb61737944;ecac8e7a-6975-45dd-bd1f-97ab4c62e2a6)

429 Too Many Requests: you have reached your 'api' rate limit.
Retry after 42 seconds (0/1000 requests remaining in current 300s window).
Url: https://huggingface.co/api/models/gpt2.
${hubWords}
`,
    expected: [full],
  },
  {
    name: 'huggingface_hub 1.x, twice, only the messages',
    text: `Error: (Request ID: Root=1-6a875254-0bb52cd14cfc8aeb61737944)

429 Too Many Requests: you have reached your 'api' rate limit.
Retry after 42 seconds (0/1000 requests remaining in current 300s window).
Url: https://huggingface.co/api/datasets?search=git+commit&sort=downloads&limit=10.
${hubWords}
Error: (Request ID: Root=1-6a875253-4d2da8a0774d9bad68ab66d7)

429 Too Many Requests: you have reached your 'api' rate limit.
Retry after 42 seconds (0/1000 requests remaining in current 300s window).
Url: https://huggingface.co/api/datasets?search=git+log&sort=downloads&limit=10.
${hubWords}
`,
    expected: [full, full],
  },
  {
    name: 'huggingface_hub 1.x on one line, wrapped in another error',
    text: "huggingface_hub.errors.LocalEntryNotFoundError: Got: HfHubHTTPError 429 Too Many Requests: you have reached your 'api' rate limit. Retry after 17 seconds (0/500 requests remaining in current 300s window).\n",
    expected: [{ cause: 'rate', scope: 'api', limit: 500, resetsAt: at + 17_000 }],
  },
  {
    name: 'huggingface_hub 0.x, an action limit beside a window with room',
    text: `Traceback (most recent call last):
  File "/usr/lib/python3/site-packages/requests/models.py", line 1024, in raise_for_status
    raise HTTPError(http_error_msg, response=self)
requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/datasets/ada/d/commit/main
${cause}Traceback (most recent call last):
  File "upload.py", line 12, in <module>
    upload_folder(repo_id="ada/d", folder_path=".")
huggingface_hub.utils._errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/datasets/ada/d/commit/main (Request ID: Root=1-65a)

You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes. If you're a new user, your limits will raise over time.
`,
    expected: [
      {
        status: 429,
        cause: 'quota',
        by: 'huggingface',
        scope: 'repository commits',
        limit: 128,
        resetsAt: at + 43 * 60_000,
      },
    ],
  },
  {
    name: 'huggingface_hub, each retry a refused request',
    text: `HTTP Error 429 thrown while requesting HEAD https://huggingface.co/gpt2/resolve/main/config.json
Retrying in 1s [Retry 1/5].
HTTP Error 429 thrown while requesting HEAD https://huggingface.co/gpt2/resolve/main/config.json
Retrying in 2s [Retry 2/5].
`,
    expected: [
      { status: 429, by: 'huggingface' },
      { status: 429, by: 'huggingface' },
    ],
  },
  {
    name: 'InferenceClient without credits, in the words of httpx and huggingface_hub',
    text: `${frames}httpx.HTTPStatusError: Client error '402 Payment Required' for url 'https://router.huggingface.co/v1/chat/completions'
For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/402
${cause}${frames}huggingface_hub.errors.HfHubHTTPError: Client error '402 Payment Required' for url 'https://router.huggingface.co/v1/chat/completions' (Request ID: Root=1-68a; abc)
For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/402

${depleted}
`,
    expected: [credits],
  },
  {
    name: "transformers' OSError around a 429",
    text: `OSError: There was a specific connection error when trying to load flax-community/roberta-base-thai:
429 Client Error: Too Many Requests for url: https://huggingface.co/flax-community/roberta-base-thai/resolve/main/config.json
`,
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: "transformers' chain, which ends with a lost connection",
    text: `${frames}requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/gpt2/resolve/main/config.json
${cause}Traceback (most recent call last):
  File "/x/transformers/utils/hub.py", line 470, in cached_files
    hf_hub_download(
huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/gpt2/resolve/main/config.json (Request ID: Root=1-68)

We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.
${cause}Traceback (most recent call last):
  File "/home/ada/train.py", line 3, in <module>
    AutoModel.from_pretrained("gpt2")
OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.
Check your internet connection or see how to run the library in offline mode at 'https://huggingface.co/docs/transformers/installation#offline-mode'.
`,
    expected: [{ status: 429, cause: 'rate', by: 'huggingface', scope: 'anonymous' }],
  },
  {
    name: 'datasets over aiohttp',
    text: `aiohttp.client_exceptions.ClientResponseError: 429, message='Too Many Requests', url='https://huggingface.co/datasets/a/b/resolve/main/x.parquet'
`,
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: 'older datasets',
    text: "ConnectionError: Couldn't reach https://huggingface.co/datasets/a/b/resolve/main/x.json (error 429)\n",
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: 'hf_xet',
    text: 'RuntimeError: Data processing error: CAS service error : Reqwest Error: HTTP status client error (429 Too Many Requests), domain: https://huggingface.co/api/datasets/a/b/xet-write-token/main\n',
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: 'openai on Python, with the log of httpx before it',
    text: `INFO:httpx:HTTP Request: POST https://router.huggingface.co/v1/chat/completions "HTTP/1.1 429 Too Many Requests"
Traceback (most recent call last):
  File "/home/ada/ask.py", line 7, in <module>
    client.chat.completions.create(model="m", messages=[])
  File "/x/openai/_base_client.py", line 1047, in request
    raise self._make_status_error_from_response(err.response) from None
openai.RateLimitError: Error code: 429 - {'error': {'message': '${groqWords}', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}
`,
    expected: [groq],
  },
  {
    name: "openai on Python, with an apostrophe in Hugging Face's words",
    text: `Error code: 429 - {'error': "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API."}
`,
    expected: [{ status: 429, cause: 'rate', scope: 'anonymous' }],
  },
  {
    name: 'openai on Python, without credits',
    text: `openai.APIStatusError: Error code: 402 - {'error': '${depleted}'}\n`,
    expected: [credits],
  },
  {
    name: 'openai on Node, thrown',
    text: `file:///home/ada/node_modules/openai/core/error.mjs:41
            return new RateLimitError(status, error, message, headers);
                   ^

RateLimitError: 429 ${groqWords}
    at APIError.generate (file:///home/ada/node_modules/openai/core/error.mjs:41:20)
    at async file:///home/ada/ask.mjs:5:1 {
  status: 429,
  headers: Headers {},
  requestID: 'req_1',
  error: {
    message: 'Rate limit reached for model \`llama-3.3-70b-versatile\` and more',
    type: 'tokens',
    code: 'rate_limit_exceeded'
  },
  code: 'rate_limit_exceeded',
  param: null,
  type: 'tokens'
}

Node.js v24.1.0
`,
    expected: [groq],
  },
  {
    name: 'openai on Node, without credits',
    text: `APIError: 402 "${depleted}"\n    at APIError.generate (file:///x/error.mjs:44:16)\n`,
    expected: [credits],
  },
  {
    name: '@anthropic-ai/sdk on Node',
    text: `RateLimitError: 429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization's rate limit of 50,000 input tokens per minute"}}\n    at x (y.js:1:2)\n`,
    expected: [],
  },
  {
    name: 'anthropic on Python',
    text: `anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'Number of request tokens has exceeded your per-minute rate limit'}}\n`,
    expected: [],
  },
  {
    name: 'litellm around openai, one request',
    text: `openai.RateLimitError: Error code: 429 - {'error': {'message': '${groqWords}', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/x/litellm/main.py", line 1, in completion
    raise e
litellm.exceptions.RateLimitError: litellm.RateLimitError: RateLimitError: GroqException - {"error":{"message":"${groqWords}","type":"tokens","code":"rate_limit_exceeded"}}
`,
    expected: [groq],
  },
  {
    name: 'litellm alone',
    text: `litellm.RateLimitError: RateLimitError: GroqException - {"error":{"message":"${groqWords}","type":"tokens","code":"rate_limit_exceeded"}}\n`,
    expected: [groq],
  },
  {
    name: '@huggingface/inference on Node',
    text: `InferenceClientProviderApiError: Failed to perform inference: ${depleted}
    at innerRequest (file:///x/request.js:48:23) {
  httpRequest: {
    url: 'https://router.huggingface.co/v1/chat/completions',
    method: 'POST',
    headers: { Authorization: 'Bearer [redacted]' }
  },
  httpResponse: {
    requestId: 'Root=1',
    status: 402,
    body: { error: 'x' }
  }
}
`,
    expected: [credits],
  },
  {
    name: 'the AI SDK after its retries',
    text: `RetryError [AI_RetryError]: Failed after 3 attempts. Last error: ${groqWords}\n    at _retry (x.mjs:283:13)\n`,
    expected: [groq],
  },
  {
    name: 'requests alone, to a partner',
    text: 'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.groq.com/openai/v1/chat/completions\n',
    expected: [{ status: 429, by: 'groq' }],
  },
  {
    name: 'curl with the headers',
    text: `HTTP/2 429 \r
content-type: application/json; charset=utf-8\r
ratelimit: "api";r=0;t=42\r
ratelimit-policy: "fixed window";"api";q=1000;w=300\r
set-cookie: token=abc\r
\r
{"error":"${hubWords}"}`,
    by: { source: 'terminal', url: 'https://huggingface.co/api/models' },
    expected: [full],
  },
  {
    name: 'curl with the body only',
    text: `{"error":{"message":"${groqWords}","type":"tokens","code":"rate_limit_exceeded"}}`,
    by: { source: 'terminal', url: 'https://router.huggingface.co/v1/chat/completions' },
    expected: [groq],
  },
  {
    name: "curl's body formatted by another program",
    text: `{\n  "error": {\n    "message": "${groqWords}",\n    "type": "tokens",\n    "code": "rate_limit_exceeded"\n  }\n}\n`,
    expected: [groq],
  },
  {
    name: 'curl --fail',
    text: 'curl: (22) The requested URL returned error: 429\n',
    by: { source: 'terminal', url: 'https://huggingface.co/api/models' },
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: 'git',
    text: "fatal: unable to access 'https://huggingface.co/ada/m/': The requested URL returned error: 429\n",
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: 'git push to a repository whose storage is full',
    text: 'remote: Private repository storage limit reached, please upgrade your plan to increase your private storage limit.\n',
    expected: [{ cause: 'quota', by: 'huggingface', scope: 'private storage' }],
  },
  {
    name: 'huggingface_hub, an hourly action limit without a status',
    text: 'Error: You have exceeded our hourly quotas for action: createRepo. We invite you to retry later.\n',
    expected: [{ cause: 'quota', by: 'huggingface', scope: 'createRepo', windowSeconds: 3600 }],
  },
  {
    name: 'ZeroGPU through gradio_client',
    text: `gradio_client.exceptions.AppError: You have exceeded your free GPU quota (60s requested vs. 12s left). Try again in 0:09:48\n`,
    expected: [{ cause: 'quota', by: 'huggingface', scope: 'ZeroGPU', resetsAt: at + 588_000 }],
  },
  {
    name: "a gateway's message through the configured servers",
    text: `HTTP Error 429 thrown while requesting GET http://127.0.0.1:5001/api/models\n`,
    expected: [{ status: 429, by: 'huggingface' }],
  },
  {
    name: 'a page of colours and frames, as rich prints a traceback',
    text: `\x1b[31m╭─\x1b[0m\x1b[31m────── \x1b[0m\x1b[1;31mTraceback \x1b[0m\x1b[1;2;31m(most recent call last)\x1b[0m\x1b[31m ──────\x1b[0m\x1b[31m─╮\x1b[0m
\x1b[31m│\x1b[0m   \x1b[2m1021 \x1b[0m\x1b[94mraise\x1b[0m HTTPError(http_error_msg, response=self)   \x1b[31m│\x1b[0m
\x1b[31m╰──────────────────────────────────────────────────────────╯\x1b[0m
\x1b[1;91mHTTPError: \x1b[0m\x1b[1;36m429\x1b[0m Client Error: Too Many Requests for url: 
\x1b[4;94mhttps://huggingface.co/api/models\x1b[0m
`,
    expected: [{ status: 429 }],
  },
];

/** Texts that look like refusals. */
export const otherTexts: readonly string[] = [
  'Downloading 429 files, 402 done\n',
  'INFO:     127.0.0.1:52144 - "POST /v1/chat/completions HTTP/1.1" 429 Too Many Requests\n',
  'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.github.com/users/ada\n',
  'curl: (22) The requested URL returned error: 429\n',
  'HTTP/2 429 \r\ncontent-type: text/html\r\n\r\n<h1>429</h1>\n',
  'urllib.error.HTTPError: HTTP Error 429: Too Many Requests\n',
  'Rate limits help a service to stay up. A rate limit of 60 requests per minute is usual.\n',
  '- `You have exceeded the rate limit for repository commits` is what Hugging Face says.\n',
  '+    raise RateLimitError("429 Too Many Requests")\n',
  'tests/test_http.py::test_429_is_retried PASSED [ 42%]\n',
  '  "message": "the rate limit of the queue",\n',
  "httpx.HTTPStatusError: Client error '404 Not Found' for url 'https://huggingface.co/api/models/none'\n",
  "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Invalid username or password.'}}\n",
  'Your monthly included credits: $0.10 of $0.10 used\n',
  'Error: storage quota exceeded on /dev/sda1\n',
  'OSError: [Errno 122] Disk quota exceeded\n',
  'RuntimeError: No GPU is currently available, falling back to the CPU\n',
  'Error: the provider registry is disabled by a policy of your organization\n',
  'rest_framework.exceptions.Throttled: Request was throttled. Expected available in 37 seconds.\n',
  'Error: the model server is overloaded, 8 concurrent requests\n',
];

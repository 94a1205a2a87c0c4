import assert from 'node:assert/strict';
import { seenIn } from './printed.ts';

const window =
  'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits.';
const ip =
  "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.";
const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
const api = '429 rate huggingface api';
const anonymous = '429 rate huggingface anonymous';
const credits = '402 credits huggingface monthly included credits';
const unnamed = '429 unknown huggingface';
const chat = 'https://router.huggingface.co/v1/chat/completions';

/** The head of Hugging Face's error page has more lines than most tracebacks. */
const page = `<!DOCTYPE html>
<html class="" lang="en">
<head>
    <meta charset="utf-8" />
    <meta
            name="description"
            content="We're on a journey to advance and democratize artificial intelligence through open source and open science."
    />
    <title>Hugging Face - The AI community building the future.</title>
    <style>
${Array.from({ length: 80 }, (_, index) => `        .line-${index} { margin: 0; }`).join('\n')}
    </style>
</head>
<body>
<main>
    <div>
        <h1>429</h1>
        <p>${ip}</p>
    </div>
</main>
</body>
</html>
`;

const printed: Readonly<Record<string, readonly [text: string, ...expected: string[]]>> = {
  // ggml-org/llama.cpp#21677, #18108
  'llama.cpp with the whole page': [
    `common_download_file_single_online: HEAD failed, status: 404\nget_repo_files: error: GET failed (429): ${page}`,
    anonymous,
  ],
  'an older llama.cpp': [`error from HF API, response code: 429, data: {"error":"${ip}"}\n`, anonymous],
  // ollama/ollama#13297
  ollama: [`pulling manifest\nError: pull model manifest: 429: {"error":"${ip}"}\n`, anonymous],
  'GET with a page on many lines': [`GET https://huggingface.co/gpt2 -> 429\n${page}`, anonymous],
  'GET with JSON on many lines': [
    `GET https://huggingface.co/api/models?search=a 429 Too Many Requests\n{\n  "error": "${window}"\n}\n`,
    api,
  ],
  'a HEAD line without words': [
    'HEAD https://huggingface.co/gpt2/resolve/main/config.json HTTP/1.1 429\n',
    '429 rate huggingface resolvers',
  ],
  'the status ahead of the URL': [`[GET] 429 https://huggingface.co/api/models {"error":"${window}"}\n`, api],
  'ureq in a panic of Rust': [
    "thread 'main' panicked at src/main.rs:5:10:\ncalled `Result::unwrap()` on an `Err` value: RequestError(https://huggingface.co/a/b/resolve/main/x: status code 429)\n",
    '429 rate huggingface resolvers',
  ],
  "ureq's response": [
    'Error: RequestError(Status(429, Response[status: 429, status_text: Too Many Requests, url: https://huggingface.co/api/models]))\n',
    unnamed,
  ],
  'ureq behind words': [
    'download failed: Request error: https://huggingface.co/api/models/a/b: status code 429, giving up\n',
    unnamed,
  ],
  "axios's object, with its URL on a later line": [
    `AxiosError: Request failed with status code 402\n    at settle (file:///app/node_modules/axios/lib/core/settle.js:19:12)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5) {\n  code: 'ERR_BAD_REQUEST',\n  config: {\n    transitional: {\n      silentJSONParsing: true,\n    },\n    method: 'post',\n    url: '${chat}',\n  },\n  status: 402\n}\n`,
    '402 unknown huggingface',
  ],
  'axios of an instance with a base URL': [
    `AxiosError: Request failed with status code 429\n    at settle (file:///app/settle.js:19:12) {\n  config: {\n    baseURL: 'https://huggingface.co',\n    url: '/api/models'\n  }\n}\n`,
    unnamed,
  ],
  'a workflow of n8n': [
    `NodeApiError: The service is receiving too many requests from you: Request failed with status code 429 ${chat}\n`,
    unnamed,
  ],
  aria2: [
    '11/01 10:00:00 [ERROR] CUID#7 - Download aborted. URI=https://huggingface.co/gpt2/resolve/main/a\nException: [AbstractCommand.cc:351] errorCode=29 URI=https://huggingface.co/gpt2/resolve/main/a\n  -> [HttpSkipResponseCommand.cc:239] errorCode=29 The response status is not successful. status=429\n',
    '429 rate huggingface resolvers',
  ],
  Java: [
    `Exception in thread "main" java.io.IOException: Server returned HTTP response code: 429 for URL: ${chat}\n`,
    unnamed,
  ],
  Faraday: [
    `Faraday::TooManyRequestsError: the server responded with status 429 for POST ${chat}\n`,
    unnamed,
  ],
  Swift: [
    'Error Domain=HubApi Code=429 "HTTP error with status code: 429" https://huggingface.co/api/models/x/revision/main\n',
    unnamed,
  ],
  'transformers.js': [
    'Error: Error (429) occurred while trying to load file: "https://huggingface.co/Xenova/x/resolve/main/tokenizer.json".\n',
    '429 rate huggingface resolvers',
  ],
  'litellm with a class of another status': [
    `litellm.exceptions.RateLimitError: litellm.RateLimitError: RateLimitError: HuggingfaceException - {"error":"${depleted}"}\n`,
    '429 credits huggingface monthly included credits',
  ],
  'git push to a Space that is full': [
    'remote: -----\nremote: Repository storage limit reached (Max: 1 GB)\nremote: -----\nTo https://huggingface.co/spaces/ada/x\n ! [remote rejected] main -> main (pre-receive hook declined)\n',
    '403 quota huggingface storage',
  ],
  pino: [
    `{"level":50,"time":1772359872000,"pid":1,"err":{"type":"HfError","message":"${window}","stack":"Error: x\\n at y"},"msg":"request failed"}\n`,
    api,
  ],
  bunyan: [`{"name":"app","level":50,"msg":"${depleted}","v":0}\n`, credits],
  structlog: [
    `{"event": "upload failed", "error": "${window}", "level": "error", "timestamp": "2026-03-01T10:11:12Z"}\n`,
    api,
  ],
  'python-json-logger': [
    '{"asctime": "2026-03-01", "name": "huggingface_hub", "levelname": "WARNING", "message": "HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models"}\n',
    unnamed,
  ],
  'loguru as JSON': [
    `{"text": "2026 | ERROR | a\\n", "record": {"exception": null, "level": {"name": "ERROR", "no": 40}, "message": "${depleted}"}}\n`,
    credits,
  ],
  zap: [
    `{"level":"error","ts":1772359872.1,"caller":"hub/client.go:42","msg":"batch","error":"batch response: ${window}"}\n`,
    api,
  ],
  'slog as text': [
    `time=2026-03-01T10:11:12Z level=ERROR msg="pull failed" err="429: {\\"error\\":\\"${ip}\\"}"\n`,
    anonymous,
  ],
  'a log of Google Cloud': [`{"severity":"ERROR","jsonPayload":{"message":"${depleted}"}}\n`, credits],
  "Docker's log file": [
    `{"log":"${depleted}\\n","stream":"stderr","time":"2026-03-01T10:11:12Z"}\n`,
    credits,
  ],
  "tracing's JSON of hf_xet": [
    '{"level":"WARN","fields":{"message":"Status Code: 429 Too Many Requests, Retrying","request_id":"x"},"target":"cas_client::http_client"}\n',
    unnamed,
  ],
  'docker compose with another service between': [
    `ml-1   | Traceback (most recent call last):\nml-1   |   File "a.py", line 1, in <module>\nweb-1  | GET / 200\nml-1   | huggingface_hub.errors.HfHubHTTPError: Client error '402 Payment Required' for url '${chat}'\nml-1   | \nml-1   | ${depleted}\n`,
    credits,
  ],
  "docker compose's lines, wrapped": [`ml-1  | ${window}\n`.replaceAll(/(.{80})(?=.)/g, '$1\n'), api],
  "Node's chain of causes": [
    `file:///home/ada/n.mjs:4\nthrow new Error('Could not load the model', { cause });\n      ^\n\nError: Could not load the model\n    at file:///home/ada/n.mjs:4:7\n    at async node:internal/modules/esm/loader:647:26 {\n  [cause]: Error: ${ip}\n      at file:///home/ada/n.mjs:3:13 {\n    [cause]: Error: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/models\n        at file:///home/ada/n.mjs:2:15 {\n      status: 429\n    }\n  }\n}\n\nNode.js v24.21.0\n`,
    anonymous,
  ],
  "Node's cause below another error": [
    `TypeError: fetch of the model failed\n    at load (file:///home/ada/a.mjs:2:9) {\n  [cause]: InferenceClientProviderApiError: Failed to perform inference: ${depleted}\n      at innerRequest (file:///x/request.js:48:23) {\n    httpResponse: { status: 402 }\n  }\n}\n`,
    credits,
  ],
  // IPython 9.17 prints the lines of code with their texts
  "IPython's chain with code": [
    `---------------------------------------------------------------------------\nHTTPStatusError                           Traceback (most recent call last)\nFile ~/nb.py:5, in hf_raise()\n      4 try:\n----> 5     raise HTTPStatusError("Client error '402 Payment Required' for url '${chat}'")\n      6 except HTTPStatusError as e:\n\nHTTPStatusError: Client error '402 Payment Required' for url '${chat}'\n\nThe above exception was the direct cause of the following exception:\n\nHfHubHTTPError                            Traceback (most recent call last)\nCell In[3], line 1\n----> 1 hf_raise()\n\nFile ~/nb.py:7, in hf_raise()\n      6 except HTTPStatusError as e:\n----> 7     raise HfHubHTTPError("${depleted}") from e\n\nHfHubHTTPError: Client error '402 Payment Required' for url '${chat}' (Request ID: Root=1-6a)\n\n${depleted}\n`,
    credits,
  ],
  // ed-donner/agents#1469
  'a plan gate whose request id is wrapped': [
    "HfHubHTTPError: Client error '402 Payment Required' for url 'https://huggingface.co/api/repos/create' (Request ID: \nRoot=1-6a58573a-1bfce21730ea591878e29212;54326f03-0dcb-42b1-82c1-5075915622f6)\nFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/402\n\nStatic Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro\n",
    '402 plan huggingface Spaces',
  ],
  // huggingface_hub#3366
  'storage patterns that trip': [
    '403 Forbidden: Your storage patterns tripped our internal systems!\nPlease contact us at website@huggingface.co so we can verify your account and unlock more storage for your use-case.\nCannot access content at: https://huggingface.co/api/models/a/b/commit/main.\n',
    '403 quota huggingface storage',
  ],
  'hf upload to full private storage': [
    'Error: Bad request for commit endpoint:\nPrivate storage limit reached for user ada, please upgrade your plan to increase your private storage limit\n',
    '403 quota huggingface private storage',
  ],
  'git push to full public storage': [
    'remote: You have exceeded your public storage space.\nerror: failed to push some refs\n',
    '403 quota huggingface public storage',
  ],
  "gradio_client's words around ZeroGPU's": [
    'gradio_client.exceptions.AppError: The upstream Gradio app has raised an exception: You have exceeded your free ZeroGPU quota (60s requested vs. 55s left). Try again in 23:14:07.\n',
    '429 quota huggingface ZeroGPU',
  ],
  "ZeroGPU's words on the server": [
    "gradio.exceptions.Error: 'Unlogged user is runnning out of daily ZeroGPU quotas. Signup for free on https://huggingface.co/join or login on https://huggingface.co/login to get more ZeroGPU quota now.'\n",
    '429 quota huggingface ZeroGPU',
  ],
  'a job that a spend limit ended': [
    'hf jobs inspect: CANCELED: Resource group spend limit reached\n',
    '402 spending-limit huggingface',
  ],
};

describe('the reader of printed refusals knows what programs print:', () => {
  for (const [name, [text, ...expected]] of Object.entries(printed)) {
    it(name, () => {
      const seen = seenIn([text]).map(({ status, cause, by, scope }) =>
        [status, cause, by, scope].filter(Boolean).join(' '),
      );
      assert.deepEqual(seen, expected);
    });
  }

  it('the server’s words of a plan gate stay whole', () => {
    const [gate] = seenIn([
      'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro\n',
    ]);
    assert.equal(
      gate?.message,
      'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro',
    );
  });
});

import assert from 'node:assert/strict';
import type { Refusal } from '../../../src/limits/refusals/refusal.ts';
import { errorForms } from '../../../src/watch/errorForms.ts';
import { terminalCommand } from '../../../src/watch/refusalReader.ts';
import { seenIn } from './printed.ts';

const window =
  'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits.';
const ip =
  "We had to rate limit your IP (203.0.113.7). To continue using our service, create a HF account or login to your existing account, and make sure you pass a HF_TOKEN if you're using the API.";
const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
const space =
  'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro';
const storage =
  'Private repository storage limit reached, please upgrade your plan to increase your private storage limit.';

/** Status, cause, server and limit of each. */
function briefly(refusals: readonly Refusal[]): string[] {
  return refusals.map(({ status, cause, by, scope }) => [status, cause, by, scope].filter(Boolean).join(' '));
}

const forms: Readonly<Record<string, readonly [text: string, ...expected: string[]]>> = {
  'git-lfs': [`batch response: ${window}\nerror: failed to push some refs\n`, '429 rate huggingface api'],
  'an unknown prefix': [`upload of shard 3 aborted -> ${window}\n`, '429 rate huggingface api'],
  'an unknown suffix': [
    `sync: ${depleted} (attempt 3 of 3)\n`,
    '402 credits huggingface monthly included credits',
  ],
  'a HEAD line with JSON': [
    `HEAD https://huggingface.co/api/models/a/b 429 {"error":"${window}"}\n`,
    '429 rate huggingface api',
  ],
  'a GET line with JSON on many lines': [
    `GET https://huggingface.co/api/models -> 429\n{\n  "error": "${window}"\n}\n`,
    '429 rate huggingface api',
  ],
  'llama.cpp': [
    `common_download: GET failed (429): <!DOCTYPE html>\n<html class="">\n<head>\n<title>x</title>\n</head>\n<body>\n<main>\n<h1>429</h1>\n<p>${ip}</p>\n</main>\n</body>\n</html>\n`,
    '429 rate huggingface anonymous',
  ],
  'llama.cpp on one line': [
    `GET failed (429): <!DOCTYPE html><html><body><h1>429</h1><p>${ip}</p></body></html>\n`,
    '429 rate huggingface anonymous',
  ],
  ureq: [
    'Error: https://huggingface.co/api/models/a/b/revision/main: status code 429\n',
    '429 unknown huggingface',
  ],
  "hf_xet's log": [
    '{"timestamp":"2026-03-01T10:11:12Z","level":"WARN","fields":{"message":"Status Code: 429. Retrying...","request_id":""},"filename":"/home/runner/work/xet-core/cas_client/src/http_client.rs","line_number":220}\n',
    '429 unknown huggingface',
  ],
  'a log as JSON': [
    `{"level":"error","msg":"upload failed: ${window}","time":"2026-03-01T10:11:12Z"}\n`,
    '429 rate huggingface api',
  ],
  'a log as JSON with an error object': [
    `{"level":50,"time":1,"err":{"type":"Error","message":"${depleted}"},"msg":"chat failed"}\n`,
    '402 credits huggingface monthly included credits',
  ],
  'a relay in short words': [
    "openai.RateLimitError: Error code: 429 - {'message': 'TPM limit reached for this model, please slow down'}\n",
    '429 tokens unknown tokens per minute',
  ],
  'a plan gate': [
    `HfHubHTTPError: Client error '402 Payment Required' for url 'https://huggingface.co/api/repos/create' (Request ID: Root=1-6a)\nFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/402\n\n${space}\n`,
    '402 plan huggingface Spaces',
  ],
  'full private storage behind a 403': [
    `huggingface_hub.errors.HfHubHTTPError: 403 Forbidden: ${storage}\nCannot access content at: https://huggingface.co/api/models/a/b/commit/main.\nMake sure your token has the correct permissions.\n`,
    '403 quota huggingface private storage',
  ],
  'full private storage behind a 400': [
    `BadRequestError: (Request ID: Root=1-6a)\n\nBad request for commit endpoint:\n${storage}\n`,
    '403 quota huggingface private storage',
  ],
  ray: [
    `(task pid=1, ip=10.0.0.1) Traceback (most recent call last):\n(task pid=1, ip=10.0.0.1)   File "a.py", line 1, in <module>\n(task pid=1, ip=10.0.0.1) huggingface_hub.errors.HfHubHTTPError: Client error '402 Payment Required' for url 'https://router.huggingface.co/v1/chat/completions'\n(task pid=1, ip=10.0.0.1) \n(task pid=1, ip=10.0.0.1) ${depleted}\n`,
    '402 credits huggingface monthly included credits',
  ],
  'docker compose': [
    `ml-1  | HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\nml-1  | ${window}\n`,
    '429 rate huggingface api',
  ],
  "a job's log": [`job\tstep\t2026-03-01T10:11:12.1234567Z Error: ${window}\n`, '429 rate huggingface api'],
  "a logger's fields": [
    `2026-03-01 10:11:12,123 - trainer - ERROR - ${depleted}\n`,
    '402 credits huggingface monthly included credits',
  ],
  'two loggers of one request': [
    'INFO:httpx:HTTP Request: GET https://huggingface.co/api/models "HTTP/1.1 429 Too Many Requests"\nWARNING:huggingface_hub.utils._http:HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\nWARNING:huggingface_hub.utils._http:Retrying in 1s [Retry 1/5].\nINFO:httpx:HTTP Request: GET https://huggingface.co/api/models "HTTP/1.1 429 Too Many Requests"\nWARNING:huggingface_hub.utils._http:HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\n',
    '429 unknown huggingface',
    '429 unknown huggingface',
  ],
  "IPython's chain": [
    `---------------------------------------------------------------------------\nHTTPStatusError                           Traceback (most recent call last)\nFile /x/huggingface_hub/utils/_http.py:2, in hf_raise_for_status(response)\n     88 try:\n---> 89     response.raise_for_status()\n\nHTTPStatusError: Client error '402 Payment Required' for url 'https://router.huggingface.co/v1/chat/completions'\n\nThe above exception was the direct cause of the following exception:\n\nHfHubHTTPError                            Traceback (most recent call last)\nCell In[3], line 1\n----> 1 client.chat()\n\nHfHubHTTPError: Client error '402 Payment Required' for url 'https://router.huggingface.co/v1/chat/completions' (Request ID: Root=1-6a)\n\n${depleted}\n`,
    '402 credits huggingface monthly included credits',
  ],
};

describe('the reader of printed refusals knows the form', () => {
  for (const [name, [text, ...expected]] of Object.entries(forms)) {
    it(name, () => assert.deepEqual(briefly(seenIn([text])), expected));
  }
});

describe('a broken line is read as a whole', () => {
  const chain = `httpx.HTTPStatusError: Client error '429 Too Many Requests' for url 'https://huggingface.co/api/models/meta-llama/Llama-3.1-8B-Instruct'\nFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/429\n\nThe above exception was the direct cause of the following exception:\n\nhuggingface_hub.errors.HfHubHTTPError: (Request ID: Root=1-6a875254)\n\n429 Too Many Requests: you have reached your 'api' rate limit.\nRetry after 42 seconds (0/1000 requests remaining in current 300s window).\nUrl: https://huggingface.co/api/models/gpt2.\n${window}\n`;
  const whole = seenIn([chain]);
  for (const columns of [60, 72, 80, 100, 120]) {
    it(`by a terminal of ${columns} columns`, () => {
      const wrapped = chain.replaceAll(new RegExp(`(.{${columns}})(?=.)`, 'g'), '$1\n');
      assert.deepEqual(seenIn([wrapped]), whole);
    });
  }
  for (const columns of [48, 60, 80, 120]) {
    it(`by a box of ${columns} columns`, () => {
      const inner = columns - 4;
      const lines = depleted.match(new RegExp(`\\S.{0,${inner - 1}}(?= |$)`, 'g')) ?? [];
      const boxed = [
        `╭─ Error ${'─'.repeat(columns - 10)}╮`,
        ...lines.map(line => `│ ${line.trim().padEnd(inner)} │`),
        `╰${'─'.repeat(columns - 2)}╯`,
      ];
      const [seen, ...others] = seenIn([`${boxed.join('\n')}\n`]);
      assert.equal(seen?.message, depleted);
      assert.deepEqual(others, []);
    });
  }
});

describe('no refusal is', () => {
  const quota =
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}\n";
  const others = {
    OpenAI: quota,
    Anthropic:
      "anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'Number of request tokens has exceeded your per-minute rate limit'}}\n",
    OpenRouter:
      "openai.APIStatusError: Error code: 402 - {'error': {'message': 'Insufficient credits. Add more using https://openrouter.ai/settings/credits', 'code': 402}}\n",
    'a server without a name that wants money':
      "openai.APIStatusError: Error code: 402 - {'error': {'message': 'Insufficient credits'}}\n",
  };
  for (const [name, text] of Object.entries(others)) {
    it(`a call to ${name}`, () => assert.deepEqual(seenIn([text]), []));
  }

  it('a text that a command shows', () => {
    for (const command of [
      'git -C x log',
      'git --no-pager diff',
      'git -c color.ui=always show HEAD',
      'gh run view 12 --log-failed',
      'gh issue view 7',
      'cd x && grep -rn 429 .',
      'tail -n 100 train.log',
      'sudo tail -f /var/log/x.log',
      'cat a.log | grep 429 | less',
      'LESS=R less README.md',
      "bash -c 'git log -3'",
      '/usr/bin/vim notes.md',
    ]) {
      assert.equal(terminalCommand(command), undefined, command);
    }
    for (const command of [
      'git push',
      'git -C x lfs pull',
      'cd x && python train.py',
      'python train.py 2>&1 | tee log | tail -5',
      'cat questions.txt | python ask.py',
      'grep -q x y && hf upload a/b .',
      'docker compose up',
    ]) {
      assert.ok(terminalCommand(command), command);
    }
  });

  it('an expected text of a test', () => {
    const texts = [
      `  ✓ explains "${depleted}"\n`,
      `E       AssertionError: assert '${window}' == 'x'\n`,
      `    Expected: "${depleted}"\n    Received: "x"\n`,
      `      -${depleted}\n      +x\n`,
      `+  "error": "${window}",\n`,
    ];
    for (const text of texts) assert.deepEqual(seenIn([text]), [], text);
    const by = terminalCommand('npx vitest run');
    assert.ok(by);
    assert.deepEqual(seenIn([`Error: ${depleted}\n`], by), []);
    const real =
      'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/models\n';
    assert.equal(seenIn([real], terminalCommand('python -m pytest -q')).length, 1);
  });
});

describe('the form of a printed error', () => {
  it('is looked for in 8 KB of glued URLs within a millisecond of CPU time', () => {
    const rounds = 20;
    for (const { pattern } of errorForms) {
      for (const piece of ['https:', "https://a'", 'https://hf.co/a ', '429 ', 'https://a: status code ']) {
        const line = piece.repeat(8192 / piece.length);
        const start = process.cpuUsage();
        for (let round = 0; round < rounds; round++) pattern.exec(line);
        const { user, system } = process.cpuUsage(start);
        const each = (user + system) / rounds;
        assert.ok(each < 1_000, `${pattern.source} of ${piece}: ${each} µs`);
      }
    }
  });
});

import assert from 'node:assert/strict';
import { readPrinted } from '../../../src/watch/readPrinted.ts';
import { terminalCommand } from '../../../src/watch/refusalReader.ts';
import { serverNames } from '../../../src/watch/serverNames.ts';
import { at, seenIn } from './printed.ts';

const window =
  'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. Upgrade to a PRO user';
const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
const storage =
  'Private repository storage limit reached, please upgrade your plan to increase your private storage limit.';

/** Texts about refusals that no server refused. */
const shown: Readonly<Record<string, readonly string[]>> = {
  'a line of a diff': [
    `-${depleted}\n`,
    `+  '${window}',\n`,
    `- "${storage}"\n`,
    '@@ -1,3 +1,4 @@ rate limit\n',
  ],
  'a line of a file': [
    `src/errors.ts:12:  const text = '${depleted}';\n`,
    `12:${window}\n`,
    `     7| raise RateLimitError("${storage}")\n`,
  ],
  'code in a traceback': [
    `----> 5     raise HfHubHTTPError("${depleted}")\n`,
    `│ ❱ 1021 │   raise HTTPError("${window}") │\n`,
    `      7         raise ValueError("429 Client Error: Too Many Requests for url: https://huggingface.co/x")\n`,
  ],
  'what a test expects': [
    `    Expected: "${depleted}"\n    Received: "x"\n`,
    `Expected substring: '${window}'\n`,
    ` FAIL  test/limits.test.ts > says ${depleted}\n`,
    `FAILED tests/test_a.py::test - AssertionError: '${window}' != 'x'\n`,
    `  ✓ explains "${storage}"\n`,
    `ok 3 - names: ${window}\n`,
  ],
  prose: [
    `The server answers "${depleted}" when nothing is left.\n`,
    'If you have exceeded your monthly included credits, buy more.\n',
    'Gradio Spaces: the docs say that hosting them requires a PRO subscription since July.\n',
    'exceeded your monthly included credits is what users read most.\n',
    'TODO: when https://huggingface.co/api/models returns 429, back off\n',
  ],
  "a model's answer": [
    `{"choices":[{"message":{"role":"assistant","content":"${depleted}"}}]}\n`,
    `assistant> the error '${window}' means that the window is full\n`,
    `"content": "${storage}",\n`,
  ],
  'a report without a refusal': [
    'ZeroGPU quota: 213 s of 300 s are left\n',
    'Private storage: 61 GB of 100 GB used\n',
    'Your monthly included credits: $0.10 of $0.10 used\n',
    'resource group research: spending limit $100, $20 spent\n',
  ],
  'the log of another service': [
    'INFO: 127.0.0.1:52144 - "POST /v1/chat/completions HTTP/1.1" 429 Too Many Requests\n',
    'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.github.com/users/ada\n',
    'https://registry.npmjs.org/react: status code 429\n',
    'GET failed (429): <!DOCTYPE html><html><body>slow down</body></html>\n',
    '{"level":"error","msg":"storage quota exceeded on /dev/sda1"}\n',
    '{"level":"WARN","fields":{"message":"Status Code: 429. Retrying..."},"target":"reqwest::client"}\n',
    'Workload evicted, storage limit exceeded (50G)\n',
  ],
};

/** Each service by its own words, its address, and in the words of a client library. */
const services: Readonly<Record<string, readonly string[]>> = {
  openai: [
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}\n",
    'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.openai.com/v1/chat/completions\n',
    'RateLimitError: 429 Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Visit https://platform.openai.com/account/rate-limits\n',
  ],
  anthropic: [
    "anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'Number of request tokens has exceeded your per-minute rate limit'}}\n",
    "httpx.HTTPStatusError: Client error '429 Too Many Requests' for url 'https://api.anthropic.com/v1/messages'\n",
    'RateLimitError: 429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed your organization\'s rate limit of 50,000 input tokens per minute"}}\n',
  ],
  openrouter: [
    "openai.APIStatusError: Error code: 402 - {'error': {'message': 'Insufficient credits. Add more using https://openrouter.ai/settings/credits', 'code': 402}}\n",
    'INFO:httpx:HTTP Request: POST https://openrouter.ai/api/v1/chat/completions "HTTP/1.1 429 Too Many Requests"\n',
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit exceeded: free-models-per-day. Add 10 credits', 'code': 429}}\n",
  ],
};

describe('no refusal of Hugging Face is', () => {
  for (const [name, texts] of Object.entries(shown)) {
    it(name, () => {
      for (const text of texts) assert.deepEqual(seenIn([text]), [], text);
    });
  }

  for (const [service, texts] of Object.entries(services)) {
    it(`a direct call to ${service}, which an explanation names`, () => {
      for (const text of texts) {
        assert.deepEqual(seenIn([text]), [], text);
        const explained = readPrinted(text, { source: 'terminal' }, serverNames({}), at);
        assert.deepEqual(
          explained.map(({ by }) => by),
          [service],
          text,
        );
      }
    });
  }

  it('a call through Hugging Face that names another service', () => {
    const [seen] = seenIn([
      "openai.APIStatusError: Error code: 402 - {'error': 'You have depleted your monthly included credits.'} https://router.huggingface.co/v1 instead of https://api.openai.com\n",
    ]);
    assert.equal(seen?.by, 'huggingface');
  });

  it('what a pager, a search or a log shows', () => {
    for (const command of [
      'gh run view 1 --log-failed | less',
      'PAGER=cat git -C x log -p',
      'cd x && rg "rate limit" src',
      'sudo journalctl -u app -n 50',
      'bat --paging=never README.md',
    ]) {
      assert.equal(terminalCommand(command), undefined, command);
    }
    for (const command of ['uv run train.py', 'hf upload a/b .', 'npx tsx ask.ts | tee log'])
      assert.ok(terminalCommand(command), command);
  });
});

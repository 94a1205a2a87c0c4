import assert from 'node:assert/strict';
import { at, seenIn } from './printed.ts';

const refused = 'HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\n';
const httpx =
  'INFO:httpx:HTTP Request: POST https://router.huggingface.co/v1/chat/completions "HTTP/1.1 429 Too Many Requests"\n';
const raised =
  "RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached', 'type': 'tokens'}}";

/** What one refused request prints, and the seconds that its library waits. */
const waits: Readonly<Record<string, readonly [text: string, seconds: number | undefined, url?: string]>> = {
  huggingface_hub: [`${refused}Rate limited. Waiting 253.0s before retry [Retry 1/5].\n`, 253],
  'huggingface_hub, a few seconds': [`${refused}Rate limited. Waiting 6.0s before retry [Retry 1/5].\n`, 6],
  "huggingface_hub's logger": [
    `WARNING:huggingface_hub.utils._http:${refused}WARNING:huggingface_hub.utils._http:Rate limited. Waiting 253.0s before retry [Retry 1/5].\n`,
    253,
  ],
  'openai 1 and 2, anthropic, groq': [
    `${httpx}INFO:openai._base_client:Retrying request to /chat/completions in 33.000000 seconds\n`,
    33,
  ],
  'openai 3': [
    `${httpx}INFO:openai._base_client:Retrying request in 33.500000 seconds (retry 1 of 2)\n`,
    33.5,
  ],
  'tenacity in langchain and llama_index': [
    `Retrying langchain_openai.embeddings.<locals>._embed_with_retry in 34.5 seconds as it raised ${raised}\n`,
    34.5,
  ],
  backoff: [`INFO:backoff:Backing off ask(...) for 41.2s (openai.${raised})\n`, 41.2],
  litellm: [
    `litellm.RateLimitError: HuggingfaceException - Rate limit reached\nRetrying in 32.0 seconds...\n`,
    32,
  ],
  'git-lfs': [
    'batch response: We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period.\n09:30:01.25 trace git-lfs: tq: enqueue retry #1 after 253.00s for "4ad5" (size: 12): batch response\n',
    253,
  ],
  'hf_xet, as JSON': [
    '{"level":"WARN","fields":{"message":"Status Code: 429. Retrying..."},"filename":"/x/cas_client/src/http_client.rs"}\n{"level":"WARN","fields":{"message":"Retry attempt #0. Sleeping 253s before the next attempt"},"filename":"/x/retry.rs"}\n',
    253,
  ],
  curl: [
    'curl: (22) The requested URL returned error: 429\nWarning: Problem: HTTP error. Will retry in 150 seconds. 3 retries left.\n',
    150,
    'https://huggingface.co/api/models',
  ],
  'minutes and seconds': [`${refused}next try in 2m30s\n`, 150],
  milliseconds: [`${refused}Rate limited. Waiting 45000ms before retrying.\n`, 45],
  minutes: [`${refused}⏳ Waiting 4 minutes before retrying...\n`, 240],
  'a program of its own': [`${refused}Rate limit hit, sleeping for 60 seconds\n`, 60],
  "a library's own guess": [`${refused}Retrying in 8s [Retry 4/5].\n`, undefined],
  "openai's own guess": [
    `${httpx}INFO:openai._base_client:Retrying request to /chat/completions in 0.375519 seconds\n`,
    undefined,
  ],
  'a window with room': [
    `${refused}Retry after 242 seconds (977/1000 requests remaining in current 300s window).\n`,
    undefined,
  ],
  'code that sleeps': [`${refused}    time.sleep(60)\n`, undefined],
};

describe('the wait that a library prints is the reset of its refusal:', () => {
  for (const [name, [text, seconds, url]] of Object.entries(waits)) {
    it(`${name}, ${seconds === undefined ? 'none' : `${seconds} s`}`, () => {
      const [seen, ...others] = seenIn([text], { source: 'terminal', url });
      assert.deepEqual(others, []);
      assert.equal(seen?.status, 429);
      assert.equal(seen.resetsAt, seconds === undefined ? undefined : at + seconds * 1_000);
    });
  }

  it('the server’s own time counts more', () => {
    const quota =
      'You have exceeded the rate limit for repository commits (128 per hour). You can retry this action in about 43 minutes.';
    const [seen] = seenIn([`${refused}${quota}\nRate limited. Waiting 243.0s before retry [Retry 1/5].\n`]);
    assert.equal(seen?.resetsAt, at + 43 * 60_000);
  });

  it('the words about the wait are no second refusal, and the next answer is', () => {
    const wait = 'Rate limited. Waiting 253.0s before retry [Retry 1/5].\n';
    const seen = seenIn([`${refused}${wait}${refused}${wait}`]);
    assert.deepEqual(
      seen.map(({ cause, resetsAt }) => [cause, resetsAt]),
      Array(2).fill(['rate', at + 253_000]),
    );
  });

  it('alone it is a refusal in the exact words of huggingface_hub only', () => {
    const [seen] = seenIn(['WARNING: Rate limited. Waiting 253.0s before retry [Retry 1/5].\n']);
    assert.deepEqual(
      [seen?.status, seen?.cause, seen?.by, seen?.resetsAt],
      [429, 'rate', 'huggingface', at + 253_000],
    );
    for (const text of [
      'Rate limited. Waiting 30s before retry (attempt 1/3)\n',
      'INFO:openai._base_client:Retrying request to /chat/completions in 33.000000 seconds\n',
      'Waiting 30 seconds for the database\n',
    ])
      assert.deepEqual(seenIn([text]), [], text);
  });

  it('a broken line is read as a whole', () => {
    const text = `${refused}Rate limited. Waiting 253.0s before retry [Retry 1/5].\n`;
    for (const columns of [60, 72]) {
      const wrapped = text.replaceAll(new RegExp(`(.{${columns}})(?=.)`, 'g'), '$1\n');
      assert.equal(seenIn([wrapped])[0]?.resetsAt, at + 253_000, `${columns} columns`);
    }
  });
});

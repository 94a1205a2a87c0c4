import assert from 'node:assert/strict';
import { runCli, temporaryFolder } from './runCli.ts';

const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
const printed = `Traceback (most recent call last):
  File "ask.py", line 7, in <module>
huggingface_hub.errors.HfHubHTTPError: Client error '402 Payment Required' for url 'https://router.huggingface.co/v1/chat/completions' (Request ID: Root=1-68a)

${depleted}
`;

describe('headroom explain:', function () {
  this.timeout(60_000);
  const { folder, clean } = temporaryFolder();
  after(clean);
  const explain = (input: string, args: string[] = [], environment: Record<string, string> = {}) =>
    runCli(['explain', ...args], { environment, home: folder, input });

  it('reads a refusal from standard input and prints it in the form of `refusals`', async () => {
    const { code, stdout, stderr } = await explain(printed, ['--json']);
    assert.equal(code, 0, stderr);
    const [refusal, ...others] = (JSON.parse(stdout) as { refusals: Record<string, unknown>[] }).refusals;
    assert.deepEqual(others, []);
    const { at, lastAt, ...rest } = refusal ?? {};
    assert.equal(at, lastAt);
    assert.deepEqual(rest, {
      count: 1,
      status: 402,
      cause: 'credits',
      by: 'huggingface',
      scope: 'monthly included credits',
      resetsAt: null,
      billedTo: null,
      model: null,
      source: 'terminal',
      message: depleted,
    });
  });

  it('says for people what was refused and what helps', async () => {
    const { code, stdout } = await explain(printed);
    assert.equal(code, 0);
    assert.match(stdout, /^Hugging Face: credits used up \(402, credits\)\n {2}You have depleted/);
    assert.match(stdout, /Open billing page: https:\/\/huggingface\.co\/settings\/billing\n/);
  });

  it('takes the library’s own wait for the end of the limit', async () => {
    const input =
      'HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\nRate limited. Waiting 253.0s before retry [Retry 1/5].\n';
    const { stdout } = await explain(input, ['--json']);
    const [refusal] = (JSON.parse(stdout) as { refusals: { at: string; resetsAt: string }[] }).refusals;
    assert.ok(refusal);
    assert.equal(Date.parse(refusal.resetsAt) - Date.parse(refusal.at), 253_000);
  });

  it('exits with 1 when there is none', async () => {
    assert.deepEqual(JSON.parse((await explain('epoch 1 of 3\n', ['--json'])).stdout), { refusals: [] });
    const { code, stdout } = await explain('');
    assert.equal(code, 1);
    assert.match(stdout, /^No refusal/);
  });

  it('knows commands that only show text', async () => {
    assert.equal((await explain(printed, ['--command', 'cat notes.txt'])).code, 1);
    assert.equal((await explain(printed, ['--command', 'python ask.py'])).code, 0);
  });

  it('knows the own servers of the environment', async () => {
    const line = 'HTTP Error 429 thrown while requesting GET http://127.0.0.1:5009/api/models\n';
    assert.equal((await explain(line)).code, 1);
    assert.equal((await explain(line, [], { HEADROOM_HUB_URL: 'http://127.0.0.1:5009' })).code, 0);
  });

  it('shows the whole sentence of a plan gate, also behind a prefix and broken by a narrow terminal', async () => {
    const words =
      'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro';
    const line = `deploy step 3: ${words}`;
    for (const text of [line, line.replaceAll(/(.{72})(?=.)/g, '$1\n')]) {
      const { code, stdout } = await explain(`${text}\n`);
      assert.equal(code, 0);
      assert.ok(stdout.startsWith(`Hugging Face: Spaces, not in the plan (402, plan)\n  ${words}\n`), stdout);
    }
  });

  it('names another service that refused', async () => {
    const { code, stdout } = await explain(
      "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota'}}\n",
    );
    assert.equal(code, 0);
    assert.match(stdout, /^openai: credits used up \(429, credits\)\n/);
    assert.doesNotMatch(stdout, /huggingface\.co/);
  });

  it('shows no control character and no secret of the text', async () => {
    const words = `Error code: 402 - {'error': '${depleted} \u202e hf_abcdefghijklmnopqrstuvwxyz'}\n`;
    const { stdout } = await explain(words);
    assert.doesNotMatch(stdout, /abcdefghijkl|\u202e/);
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { refusalJson } from '../../src/cli/json/refusalJson.ts';
import { networkError } from '../../src/hub/networkError.ts';
import { responseError } from '../../src/hub/responseError.ts';
import type { Refusal } from '../../src/limits/refusals/refusal.ts';
import { refusalDocument } from '../../src/view/refusals/refusalDocument.ts';
import { groupRefusals } from '../../src/view/refusals/refusalGroups.ts';
import { refusalReport } from '../../src/view/refusals/refusalReport.ts';
import { hoverMarkdown } from '../../src/view/status/hoverMarkdown.ts';
import { limitsView } from '../../src/view/tree/treeModel.ts';
import { programName, RefusalReader, terminalCommand } from '../../src/watch/refusalReader.ts';
import { serverNames } from '../../src/watch/serverNames.ts';
import { TemporaryLedger } from '../unit/ledger/temporaryLedger.ts';
import {
  anyKey,
  anyValue,
  commandForms,
  leakOf,
  type Secret,
  valueForms,
} from '../unit/limits/refusals/anySecret.ts';
import { fixedNow, SnapshotBuilder, viewInput } from '../unit/view/builders.ts';
import { GatewayRig } from './gatewayRig.ts';
import { response } from './rawUpstream.ts';

/** A single line, as headers, paths and names are. */
const anyLine = anyKey.filter(({ text }) => !text.includes('\n'));

describe('secrets, planted where a program, a server or a person may leave them:', function () {
  this.timeout(120_000);
  let temporary: TemporaryLedger;
  let rig: GatewayRig;
  beforeEach(async () => {
    temporary = new TemporaryLedger();
    temporary.now = fixedNow;
    const ledger = temporary.open();
    rig = await GatewayRig.start({
      config: { longestWaitMs: 0, pacing: 'observe' },
      ledger: {
        recordRefusals: refusals => ledger.recordRefusals(refusals),
        recordTallies: tallies => ledger.recordTallies(tallies),
        shareLimits: learned => ledger.shareLimits(learned),
      },
    });
  });
  afterEach(async () => {
    await rig.stop();
    await temporary.clear();
  });

  /** All that is written down so far: the bytes of the ledger, and what a person sees or copies of it. */
  function writtenDown(more: readonly string[] = []): string {
    const ledger = temporary.open();
    const refusals = ledger.lastRefusals(2_000);
    const groups = groupRefusals(refusals);
    const input = viewInput(new SnapshotBuilder().withRefusals(...refusals), {
      gatewayUse: { since: 0, totals: ledger.tallyTotals(0) },
    });
    const views = groups.flatMap(group => [
      refusalReport(group),
      ...group.refusals.slice(0, 100).map(refusal => refusalDocument(refusal, group, input)),
    ]);
    const files = readdirSync(temporary.directory).map(name =>
      readFileSync(join(temporary.directory, name), 'latin1'),
    );
    const shown = [limitsView(input), hoverMarkdown(input), refusals.map(refusalJson), rig.gateway.events];
    return [
      ...files,
      ...views,
      ...shown.map(view => JSON.stringify(view)),
      ...rig.gateway.lines,
      ...temporary.lines,
      ...more,
    ].join('\n');
  }

  function assertNowhere(secrets: readonly Secret[], more?: readonly string[]): void {
    const written = writtenDown(more);
    for (const secret of secrets) assert.equal(leakOf(secret, written), undefined);
  }

  it('in an answer, its headers, the path and the model of a request, none is in the ledger, a view, a copy or the log', async () => {
    const planted: Secret[] = [];
    let refused = 0;
    const places = {
      words: (secret: string) => ({ body: { error: `Rate limit reached, bad key ${secret} of you.` } }),
      code: (secret: string) => ({ body: { error: { message: 'Rate limit', code: secret, type: secret } } }),
      provider: (secret: string) => ({ headers: { 'x-inference-provider': secret } }),
      bucket: (secret: string) => ({ headers: { ratelimit: `"${secret}";r=0;t=9` } }),
      policy: (secret: string) => ({ headers: { 'ratelimit-policy': `"fixed window";"${secret}";q=9;w=9` } }),
      'error header': (secret: string) => ({
        headers: { 'x-error-message': `no ${secret}`, 'x-error-code': secret },
      }),
      'request id': (secret: string) => ({ headers: { 'x-request-id': `a ${secret}` } }),
      'limit header': (secret: string) => ({ headers: { 'x-ratelimit-limit-tokens': secret } }),
      'header name': (secret: string) => ({
        headers: { [`x-ratelimit-${secret.replace(/[^\w-]/g, '')}`]: '1' },
      }),
      model: (secret: string) => ({ model: `ada/${secret}` }),
      suffix: (secret: string) => ({ model: `ada/m:${secret}` }),
      path: (secret: string) => ({
        path: `/router/groq/openai/v1/${encodeURIComponent(secret)}?key=${encodeURIComponent(secret)}`,
      }),
      'own token': (secret: string) => ({ bearer: `hf_${secret.replace(/[^\w]/g, '')}` }),
      html: (secret: string) => ({ body: `<html><body>Rate limit <b>${secret}</b></body></html>` }),
    };
    const place = fc.constantFrom(...Object.values(places));
    await fc.assert(
      fc.asyncProperty(place, anyLine, fc.constantFrom(429, 402), async (plant, secret, status) => {
        planted.push(secret);
        const { body, headers, model, path, bearer }: Planted = plant(secret.text);
        const words = body ?? { error: 'You have reached the rate limit. Credit limit exceeded.' };
        const text = typeof words === 'string' ? words : JSON.stringify(words);
        const type = { 'content-type': typeof words === 'string' ? 'text/html' : 'application/json' };
        rig.answers.push(() => response(status, text, { ...type, ...headers }));
        const answer = await rig.fetch(path ?? '/v1/chat/completions', {
          method: 'POST',
          body: JSON.stringify({ model: model ?? 'ada/m', messages: [] }),
          headers: {
            'content-type': 'application/json',
            ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
          },
        });
        await answer.arrayBuffer();
        rig.answers.length = 0;
        refused += 1;
        // each one is an episode of its own
        rig.clock.jump(16 * 60_000);
      }),
      { numRuns: 300 },
    );
    await rig.pass(1_000);
    assert.ok(refused >= 300 && temporary.open().lastRefusals(2_000).length >= 250);
    assertNowhere(planted);
  });

  it('in a command line, a name, or what a program prints, none is in the ledger, a view or a copy', () => {
    const planted: Secret[] = [];
    const seen: Refusal[] = [];
    const surroundings = {
      now: () => fixedNow + seen.length,
      later: () => ({ dispose() {} }),
      nameServer: serverNames({}),
    };
    const printed = [
      (secret: string) => `Error code: 429 - {'error': {'message': 'Rate limit reached for ${secret}'}}`,
      (secret: string) => `429 Client Error: Too Many Requests for url: https://huggingface.co/api/${secret}`,
      (secret: string) =>
        `HTTP Error 429 thrown while requesting GET https://${secret}@huggingface.co/api/models`,
      (secret: string) => `< HTTP/2 429\n< ratelimit: "${secret}";r=0;t=9\n< x-inference-provider: ${secret}`,
      (secret: string) => `openai.RateLimitError: Error code: 429 - {'error': {'code': '${secret}'}}`,
    ];
    const valued = fc.tuple(anyValue, fc.constantFrom(...valueForms)).map(([secret, form]) => ({
      secret,
      print: `Error code: 429 - ${form(secret.text)} Rate limit reached`,
      by: terminalCommand('python x.py'),
    }));
    const keyed = fc.tuple(anyLine, fc.constantFrom(...printed)).map(([secret, form]) => ({
      secret,
      print: form(secret.text),
      by: terminalCommand('curl https://huggingface.co/api'),
    }));
    const commanded = fc.tuple(anyValue, fc.constantFrom(...commandForms)).map(([secret, form]) => ({
      secret,
      print: 'Error code: 429 - Rate limit reached',
      by: terminalCommand(`python x.py ${form(secret.text)}`),
    }));
    const named = fc
      .tuple(anyLine, fc.constantFrom('debug-console' as const, 'notebook' as const))
      .map(([secret, source]) => ({
        secret,
        print: 'Error code: 429 - Rate limit reached',
        by: { source, program: programName(`run ${secret.text}.ipynb`) },
      }));
    fc.assert(
      fc.property(fc.oneof(valued, keyed, commanded, named), ({ secret, print, by }) => {
        planted.push(secret);
        if (!by) return;
        const reader = new RefusalReader(by, surroundings, one => seen.push(one));
        reader.write(`${print}\n`);
        reader.end();
      }),
      { numRuns: 400 },
    );
    assert.ok(seen.length >= 350, `${seen.length} were seen`);
    temporary.open().recordRefusals(seen);
    assertNowhere(planted);
  });

  it('in an error of the network or of Hugging Face, none is in its message', () => {
    fc.assert(
      fc.property(anyLine, fc.constantFrom(401, 403, 429, 500, 302), (secret, status) => {
        const { text } = secret;
        const url = 'https://huggingface.co/api/whoami-v2';
        const headers = {
          'content-type': 'application/json',
          'x-error-message': text,
          'x-request-id': `a ${text}`,
          location: `https://${encodeURIComponent(text)}.example.org/${text}?token=${text}`,
        };
        const answered = responseError(
          { at: 0, url, status, headers },
          JSON.stringify({ error: `no ${text}` }),
        );
        const failed = networkError(
          { method: 'GET', url },
          new Error(`getaddrinfo ENOTFOUND https://u:${text}@proxy ${text}`),
          false,
        );
        for (const error of [answered, failed]) {
          const shown = JSON.stringify([error.message, error.details]);
          assert.equal(leakOf(secret, shown), undefined);
        }
      }),
    );
  });
});

interface Planted {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly model?: string;
  readonly path?: string;
  readonly bearer?: string;
}

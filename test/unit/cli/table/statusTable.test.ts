import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Snapshot } from '../../../../src/account/snapshot.ts';
import { type Payer, personalProfile } from '../../../../src/billing/profile.ts';
import { statusJson } from '../../../../src/cli/json/statusJson.ts';
import { statusTable } from '../../../../src/cli/table/statusTable.ts';
import type { ProviderWindow } from '../../../../src/limits/pacing/providerWindow.ts';
import { nothing } from '../../view/builders.ts';
import { ada, credits, endpoint, now, problem } from '../snapshots.ts';

interface Options {
  readonly width?: number;
  readonly color?: boolean;
  readonly failing?: string;
  readonly payer?: Payer;
  readonly providers?: readonly ProviderWindow[];
}

function table(values: Partial<Snapshot>, options: Options = {}): string {
  const { width = 80, color = false, failing, payer = { chosen: personalProfile }, providers = [] } = options;
  const problems = new Map(
    failing === undefined ? [] : [[failing, problem({ words: 'Nobody is at home.' })]],
  );
  const learned = { hub: [], providers };
  const status = statusJson({ ...nothing, ...values }, problems, payer, now, learned);
  return statusTable(status, { now, width, color });
}

const full: Partial<Snapshot> = {
  account: { value: ada, asOf: now },
  credits: {
    value: credits({
      usedNanoUsd: 1_234_567_890,
      includedNanoUsd: 2_000_000_000,
      requests: 412,
      byProvider: [{ provider: 'novita', nanoUsd: 1_200_000_000, requests: 1 }],
    }),
    asOf: now - 180_000,
  },
  jobs: { value: { usedNanoUsd: 413_333_000, minutes: 31, running: 0 }, asOf: now },
  zeroGpu: { value: { totalSeconds: 2400, remainingSeconds: 100.9, resetsAt: now + 7_200_000 }, asOf: now },
  gauges: {
    value: {
      windows: [{ bucket: 'api', used: 1000, remaining: 0, limit: 1000, asOf: now, source: 'gauge' }],
    },
    asOf: now,
  },
  endpoints: { ada: { value: [endpoint()], asOf: now } },
  refusals: [
    {
      at: now - 60_000,
      status: 429,
      cause: 'rate',
      by: 'huggingface',
      scope: 'api',
      resetsAt: now + 60_000,
      source: 'headroom',
      message: 'x',
    },
  ],
};

describe('statusTable:', () => {
  it('full status', () => {
    assert.equal(
      table(full),
      `ada (PRO)
  acme  Team  –

Credits
  Left      $0.77 of $2.00 included, resets in 9 days
  Used      $1.23, 412 requests
    novita  $1.20, 1 request
  Charged   $0.00 beyond the included credits
  Prepaid   see https://huggingface.co/settings/billing: no token can read it
  As of     3 min ago

Also this month
  Jobs     $0.41, 31 min
  ZeroGPU  100 s left of 40 min a day, full again in 2 h

Rate limits
  api  0 left of 1,000

Inference Endpoints
  ada/my-ep  running  nvidia-l4 x1  1/1  –  in quota

Hardware in use
  –

Refused lately
  1 min ago  429  rate  huggingface: api  ends in 1 min`,
    );
  });

  it("Who pays is shown unless the token's owner pays", () => {
    const chosen = { kind: 'organization', name: 'acme' } as const;
    assert.match(
      table(full, { payer: { chosen } }),
      /\n\nWho pays\n {2}org:acme {2}the organization acme pays\n\n/,
    );
    const standIn = {
      profile: { kind: 'provider-key', provider: 'groq' },
      reason: 'credits',
      since: now,
    } as const;
    assert.match(
      table(full, { payer: { chosen: personalProfile, standIn } }),
      /\n {2}personal {2}the token's owner pays\n {2}key:groq {2}stands in: the credits are used up\n/,
    );
  });

  it("windows of a key and of Hugging Face's shared account are apart", () => {
    const tokens: ProviderWindow = {
      provider: 'groq',
      model: 'llama-3.1-8b',
      bucket: 'tokens',
      unit: 'tokens',
      limit: 12_000,
      remaining: 0,
      windowSeconds: 60,
      resetsAt: now + 7_000,
      asOf: now - 1_000,
      source: 'header',
    };
    const requests = {
      ...tokens,
      bucket: 'requests',
      remaining: 9,
      windowSeconds: 86_400,
      asOf: now - 120_000,
    };
    const { model, ...shared } = { ...tokens, isShownOnly: true as const };
    const behindRouter = { ...shared, model: 'acme/M' };
    const text = table(full, { providers: [requests, tokens, shared, behindRouter], color: true });
    const [, ...sections] = text.split(/\n\n(?=.{4}Limits of )/);
    assert.deepEqual(
      sections.map(section => section.split('\n\n')[0]),
      [
        `\x1b[1mLimits of your groq key for llama-3.1-8b\x1b[22m
  \x1b[33mrequests per day   9 left of 12,000  resets in 7 s  reported 2 min ago\x1b[39m
  \x1b[31mtokens per minute  0 left of 12,000  resets in 7 s\x1b[39m`,
        `\x1b[1mLimits of Hugging Face's account at groq, shared by all its users\x1b[22m
  tokens per minute  0 left of 12,000  resets in 7 s`,
        `\x1b[1mLimits of Hugging Face's account at groq for acme/M, shared by all its users\x1b[22m
  tokens per minute  0 left of 12,000  resets in 7 s`,
      ],
    );
  });

  it('unknown values are dashes, with the reason below', () => {
    const text = table({}, { failing: 'usage' });
    assert.match(text, /^Account not known\n/);
    assert.match(text, /\n {2}Used {2}–\n/);
    assert.match(text, /\nCould not be read\n {2}credits\n {4}Hugging Face failed \(Nobody is at home\)\. /);
  });

  it('only marked rows and headings are coloured, with color: true', () => {
    assert.ok(!table(full).includes('\x1b'));
    const colored = table(full, { color: true });
    assert.ok(colored.includes('  \x1b[31mapi  0 left of 1,000\x1b[39m'));
    assert.ok(colored.startsWith('\x1b[1mada (PRO)\x1b[22m'));
    assert.ok(!colored.includes('\x1b[33m'));
  });

  it('invisible characters of names are shown, and columns stay in line', () => {
    const text = table({
      ...full,
      endpoints: {
        ada: { value: [endpoint({ name: 'a\u202eb\x1b[31m' }), endpoint({ name: 'plain' })] },
      },
    });
    const [hostile = '', plain = ''] = text.split('\n').filter(line => line.startsWith('  ada/'));
    assert.ok(hostile.startsWith('  ada/a\\u202eb\\u001b[31m  '), hostile);
    assert.equal(hostile.length, plain.length);
  });

  it('nothing is cut where no terminal is: in a pipe or file', () => {
    const name = 'a-name-of-an-endpoint-that-is-longer-than-any-terminal-'.repeat(4);
    const state = 'a state '.repeat(20).trim();
    const endpoints = { ada: { value: [endpoint({ name, state, instanceType: 'nvidia-l4 · x1' })] } };
    const text = table({ ...full, endpoints }, { width: Number.POSITIVE_INFINITY });
    assert.ok(text.includes(`  ada/${name}  ${state}  `), text);
    assert.ok(!text.includes('…'));
  });

  it('a wide terminal is used', () => {
    const name = 'an-endpoint-with-a-name-of-60-characters-that-needs-its-room';
    const text = table({ ...full, endpoints: { ada: { value: [endpoint({ name })] } } }, { width: 160 });
    assert.ok(text.includes(`  ada/${name}  `), text);
  });

  it('lines fit the width and have no control characters (property)', () => {
    // fast-check's own unit `binary` builds a table of all code points first, for a second and more
    const unit = fc
      .oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
      .map(code => String.fromCodePoint(code));
    const words = fc.oneof(fc.string({ unit, maxLength: 120 }), fc.constant('\x1b[2J\u202Eabc\r\n'));
    fc.assert(
      fc.property(words, words, fc.integer({ min: 40, max: 200 }), (name, state, width) => {
        const text = table(
          { ...full, endpoints: { ada: { value: [endpoint({ name, state, instanceType: name })] } } },
          { width },
        );
        for (const line of text.split('\n')) assert.ok([...line].length <= width, line);
        assert.ok(!/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text));
      }),
      { numRuns: 40 },
    );
  });
});

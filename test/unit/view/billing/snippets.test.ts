import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InferenceClient } from '@huggingface/inference';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import {
  canWriteSnippet,
  requestSnippet,
  type SnippetLanguage,
  type SnippetOptions,
  snippetLanguages,
} from '../../../../src/view/billing/snippets.ts';

const profiles: BillingProfile[] = [
  { kind: 'personal' },
  { kind: 'organization', name: 'acme.org-1_x' },
  { kind: 'resource-group', organization: 'acme', id: '66f0c1' },
  { kind: 'provider-key', provider: 'groq' },
];

function snippet(language: SnippetLanguage, change: Partial<SnippetOptions> = {}): string {
  return requestSnippet({
    language,
    profile: { kind: 'personal' },
    through: 'direct',
    model: { id: 'acme/Model-7B', ownName: 'model-7b-instant' },
    routerUrl: 'https://router.huggingface.co',
    providerUrls: {},
    ...change,
  });
}

/** The command that only reads a program in this language, and the end of its file's name. */
const readers: Record<SnippetLanguage, [command: string, args: string[], ending: string]> = {
  'python-huggingface-hub': [
    'python3',
    ['-c', 'import ast,sys; [ast.parse(open(file).read()) for file in sys.argv[1:]]'],
    'py',
  ],
  'python-openai': [
    'python3',
    ['-c', 'import ast,sys; [ast.parse(open(file).read()) for file in sys.argv[1:]]'],
    'py',
  ],
  'js-openai': [process.execPath, ['--check'], 'mjs'],
  'js-huggingface': [process.execPath, ['--check'], 'mjs'],
  curl: ['bash', ['-n'], 'sh'],
  env: ['bash', ['-n'], 'sh'],
};

describe('snippets', () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-snippets-'));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const language of snippetLanguages) {
    it(`in ${language} are valid programs for every payer`, function () {
      const [command, args, ending] = readers[language];
      if (spawnSync(command, ['--version']).status !== 0) this.skip();
      const texts = profiles.flatMap(profile =>
        (['direct', 'gateway'] as const).map(through => snippet(language, { profile, through })),
      );
      const files = texts.map((text, index) => {
        const file = path.join(folder, `${language}-${index}.${ending}`);
        fs.writeFileSync(file, text);
        return file;
      });
      // Python reads all of them in one process, the others one in each
      for (const named of command === 'python3' ? [files] : files.map(file => [file])) {
        const { status, stderr } = spawnSync(command, [...args, ...named], { encoding: 'utf8' });
        assert.equal(status, 0, `${named.join()}: ${stderr}`);
      }
    }).timeout(20_000);

    it(`in ${language} hold no secret and name the payer`, () => {
      for (const profile of profiles) {
        for (const through of ['direct', 'gateway'] as const) {
          const text = snippet(language, { profile, through });
          assert.doesNotMatch(text, /hf_|gsk_|127\.0\.0\.1/);
          const [first] = text.split('\n');
          if (through === 'direct' || language === 'env') assert.match(first ?? '', /^(#|\/\/) Billed by /);
          else assert.match(first ?? '', /^(#|\/\/) Through Headroom/);
        }
      }
    });

    it(`in ${language} name the paying organization or group`, () => {
      assert.match(snippet(language, { profile: { kind: 'organization', name: 'acme' } }), /"acme"|: acme"/);
      const group: BillingProfile = { kind: 'resource-group', organization: 'acme', id: '66f0c1' };
      assert.match(snippet(language, { profile: group }), /"66f0c1"|: 66f0c1"/);
      assert.doesNotMatch(snippet(language), /bill.?to/i);
    });
  }

  it('have more than comments, in every language, for every payer and route', () => {
    for (const language of snippetLanguages) {
      for (const profile of profiles) {
        for (const through of ['direct', 'gateway'] as const) {
          const lines = snippet(language, { profile, through }).split('\n');
          assert.ok(
            lines.some(line => line !== '' && !/^(#|\/\/)/.test(line)),
            `${language} ${through}`,
          );
        }
      }
    }
  });

  it('in env bill the named payer, and expand no variable', async () => {
    const file = path.join(folder, 'openai.env');
    fs.writeFileSync(file, snippet('env', { profile: { kind: 'organization', name: 'acme' } }));
    const script = `
      import OpenAI from 'openai';
      const fetch = async (url, { headers }) => {
        const sent = new Headers(headers);
        console.log(JSON.stringify([String(url), sent.get('x-hf-bill-to'), sent.get('authorization')]));
        return Response.json({ choices: [] });
      };
      await new OpenAI({ fetch }).chat.completions.create({ model: 'm', messages: [] });`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [`--env-file=${file}`, '--input-type=module', '--eval', script],
      { encoding: 'utf8', env: { PATH: process.env.PATH, OPENAI_API_KEY: 'hf_of_the_user' } },
    );
    assert.equal(
      stdout.trim(),
      '["https://router.huggingface.co/v1/chat/completions","acme","Bearer hf_of_the_user"]',
      stderr,
    );
    for (const profile of profiles) {
      assert.doesNotMatch(snippet('env', { profile }), /\$|HF_BILL_TO|^OPENAI_API_KEY/m);
    }
  }).timeout(20_000);

  it('go to the provider with its key, else to the router', () => {
    const profile: BillingProfile = { kind: 'provider-key', provider: 'groq' };
    for (const language of ['python-openai', 'js-openai', 'curl'] as const) {
      const text = snippet(language, { profile });
      assert.match(text, /https:\/\/api\.groq\.com\/openai\/v1/);
      assert.match(text, /GROQ_API_KEY/);
      assert.doesNotMatch(text, /HF_TOKEN|huggingface/);
      const elsewhere = snippet(language, { profile, providerUrls: { groq: 'http://127.0.0.1:9/groq' } });
      assert.match(elsewhere, /http:\/\/127\.0\.0\.1:9\/groq\/openai\/v1/);
    }
    assert.match(snippet('curl'), /^curl "https:\/\/router\.huggingface\.co\/v1\/chat\/completions"/m);
  });

  it("have the provider's model name for the provider, else Hugging Face's", () => {
    const profile: BillingProfile = { kind: 'provider-key', provider: 'groq' };
    for (const language of ['python-openai', 'js-openai', 'curl'] as const) {
      const direct = snippet(language, { profile });
      assert.match(direct, /"model-7b-instant"/);
      assert.match(direct, /(#|\/\/) acme\/Model-7B, by the name that Groq itself gives it\.$/m);
      assert.match(snippet(language, { profile, through: 'gateway' }), /"acme\/Model-7B"/);
      assert.match(snippet(language), /"acme\/Model-7B"/);
    }
    for (const language of ['python-huggingface-hub', 'js-huggingface'] as const) {
      const text = snippet(language, { profile });
      assert.match(text, /"acme\/Model-7B"/);
      assert.doesNotMatch(text, /instant/);
    }
  });

  it('say which model name is unknown and must be filled in', () => {
    const profile: BillingProfile = { kind: 'provider-key', provider: 'groq' };
    for (const language of snippetLanguages.filter(language => language !== 'env')) {
      const nothing = snippet(language, { profile, model: {} });
      assert.match(nothing, /"MODEL"/);
      assert.match(nothing, /(#|\/\/) Which models Groq serves could not be found out: put one in[.,]/);
    }
    for (const language of ['python-openai', 'js-openai', 'curl'] as const) {
      const text = snippet(language, { profile, model: { id: 'acme/Model-7B' } });
      assert.match(text, /"MODEL"/);
      assert.match(text, /What Groq itself calls acme\/Model-7B could not be found out: put that in\./);
    }
  });

  it('are not written for a provider without a chat route', () => {
    assert.equal(canWriteSnippet({ profile: { kind: 'provider-key', provider: 'fal-ai' } }), false);
    for (const profile of profiles) assert.equal(canWriteSnippet({ profile }), true);
  });

  it('of @huggingface/inference reach the chat route of the gateway by its endpointUrl', async () => {
    assert.match(
      snippet('js-huggingface', { through: 'gateway' }),
      /endpointUrl: process\.env\.OPENAI_BASE_URL/,
    );
    const asked: string[] = [];
    const client = new InferenceClient('hf_headroom_x', {
      endpointUrl: 'http://gateway.test/v1',
      fetch: async (url: unknown) => {
        asked.push(String(url));
        return Response.json({ choices: [{ message: { role: 'assistant', content: 'acme' } }] });
      },
    } as never);
    await client
      .chatCompletion({ model: 'acme/Model-7B', messages: [{ role: 'user', content: '?' }] })
      .catch(() => undefined);
    assert.deepEqual(asked, ['http://gateway.test/v1/chat/completions']);
  });
});

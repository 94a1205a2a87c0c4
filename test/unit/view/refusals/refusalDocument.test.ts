import assert from 'node:assert/strict';
import fc from 'fast-check';
import texts from '../../../../package.nls.json' with { type: 'json' };
import { classifyRefusal, type Refusal } from '../../../../src/limits/refusals/refusal.ts';
import { avoidanceOf, libraryOf } from '../../../../src/view/refusals/avoidance.ts';
import { refusalDocument } from '../../../../src/view/refusals/refusalDocument.ts';
import { groupRefusals } from '../../../../src/view/refusals/refusalGroups.ts';
import { causeLabel } from '../../../../src/view/refusals/refusalLabels.ts';
import { refusalReport } from '../../../../src/view/refusals/refusalReport.ts';
import { anyRefusal } from '../../ledger/refusals.ts';
import { limitComplaints } from '../../limits/refusals/refusalCases/limitComplaints.ts';
import { moneyComplaints } from '../../limits/refusals/refusalCases/moneyComplaints.ts';
import { at, factsOf, see, windowHeaders } from '../../limits/refusals/refusalCases/refusalCase.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  hubRefusal,
  minuteMs,
  refusal,
  routerRefusal,
  viewInput,
} from '../builders.ts';

const inputAt = (now: number) => viewInput(aSnapshot(), { now });

function documentOf(...refusals: [Refusal, ...Refusal[]]): string {
  const [group] = groupRefusals(refusals);
  assert.ok(group);
  return refusalDocument(refusals[0], group, inputAt(refusals[0].at));
}

function reportOf(...refusals: Refusal[]): string {
  const [group] = groupRefusals(refusals);
  assert.ok(group);
  return refusalReport(group);
}

/** The text below a heading. */
function section(document: string, heading: string): string {
  const [, text] = document.split(`## ${heading}\n`);
  assert.ok(text, `no ${heading} in ${document}`);
  return text.split('\n## ')[0] ?? '';
}

describe('refusalDocument', () => {
  for (const { about, seen, cause, sentence } of [...moneyComplaints, ...limitComplaints]) {
    if (!cause) continue;
    it(`explains: ${about}`, () => {
      const refused = see(seen);
      assert.ok(refused);
      const document = documentOf(refused);
      assert.match(document, new RegExp(`^- Cause: ${causeLabel(refused.cause)}$`, 'm'));
      if (sentence) assert.match(document.split('\n')[2]?.replaceAll(/\\(.)/g, '$1') ?? '', sentence);
      const words = section(document, 'The server’s words').replaceAll(/\s+/g, ' ');
      assert.ok(words.includes(refused.message.slice(0, 60).trim().replaceAll(/\s+/g, ' ')), words);
      assert.match(section(document, 'The rule'), /<https:\/\/([a-z]+\.)?huggingface\.co[\w/-]*>\s*$/);
      assert.match(section(document, 'What to do now'), /^\s*1\. /);
      assert.doesNotMatch(document, /undefined|NaN|\{\d\}|null|acme\/model:groq/);
    });
  }

  it('says how often, when, where and of which model', () => {
    const document = documentOf(
      refusal({ at: fixedNow, program: 'python train.py', billedTo: 'org:acme' }),
      refusal({ at: fixedNow - minuteMs, program: 'python other.py', billedTo: 'org:acme' }),
    );
    for (const line of [
      '- How often: 2 times, first at 14:09, last at 14:10.',
      '- At: 14:10, 14:09',
      '- Seen in: terminal',
      '- Program: `python train.py`',
      '- Other programs: `python other.py`',
      '- Status: HTTP 429',
      '- Refused by: groq',
      '- Model: `acme/Model-7B`',
      '- Billed to: `org:acme`',
    ]) {
      assert.ok(document.split('\n').includes(line), `${line} in ${document}`);
    }
  });

  it('quotes the headers, or says why there are none', () => {
    const refused = see({ headers: windowHeaders(0), source: 'gateway' });
    assert.ok(refused);
    assert.match(
      section(documentOf(refused), 'Headers'),
      /```http\nratelimit: "api";r=0;t=242\nratelimit-policy: "fixed window";"api";q=1000;w=300\n```/,
    );
    assert.match(section(documentOf(refusal()), 'Headers'), /programs print a refusal’s words/);
    assert.match(section(documentOf(refusal({ source: 'gateway' })), 'Headers'), /None about a limit/);
  });

  it('names commands as in the palette, and pages by URL', () => {
    const steps = section(documentOf(creditsRefusal()), 'What to do now');
    assert.match(steps, /1\. Open billing page: <https:\/\/huggingface\.co\/settings\/billing>/);
    const named = [creditsRefusal(), refusal(), hubRefusal(minuteMs, { scope: 'anonymous' })].flatMap(
      each => [...section(documentOf(each), 'What to do now').matchAll(/“Headroom: (.+)”/g)],
    );
    assert.deepEqual(
      named.map(([, title]) => title),
      [texts['command.switchBilling'], texts['command.useProviderKey'], texts['command.signIn']],
    );
  });

  it('suggests no wait that is over or that the server did not give', () => {
    assert.match(
      section(documentOf(hubRefusal(0, { resetsAt: fixedNow + minuteMs })), 'What to do now'),
      /Wait until 14:11:00\./,
    );
    const over = hubRefusal(0, { at: fixedNow, resetsAt: fixedNow });
    assert.match(section(documentOf(over), 'What to do now'), /Try again: it is over\./);
    assert.match(
      section(documentOf(hubRefusal(0, { resetsAt: undefined })), 'What to do now'),
      /did not say how long/,
    );
  });

  it('keeps remote text inside its fences and spans', () => {
    const pieces = [
      '```',
      '`',
      '\n',
      '# ',
      '[a](command:evil)',
      '<img src=x>',
      '\\',
      '![',
      '_x_',
      '~~~',
      ' ',
      'a',
    ];
    const words = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map(all => all.join(''));
    fc.assert(
      fc.property(words, text => {
        const remote = { message: text, program: text, model: text, scope: text, by: text, billedTo: text };
        const outside = outsideCode(documentOf(refusal({ ...remote, cause: 'unknown' })));
        assert.doesNotMatch(outside, /\]\(|<(?!https:\/\/)/);
        assert.equal((outside.match(/^#{1,6} /gm) ?? []).length, 5);
      }),
    );
  });
});

/** The document without fenced lines, code spans and escaped characters. */
function outsideCode(document: string): string {
  let fence: string | undefined;
  const lines = document.split('\n').filter(line => {
    const [mark] = /^`{3,}/.exec(line) ?? [];
    const inside = fence !== undefined || mark !== undefined;
    if (fence === undefined) fence = mark;
    else if (line === fence) fence = undefined;
    return !inside;
  });
  assert.equal(fence, undefined);
  return lines.map(outsideSpans).join('\n');
}

function outsideSpans(line: string): string {
  let rest = line;
  let outside = '';
  while (rest !== '') {
    const [run] = /^`+/.exec(rest) ?? [];
    if (run !== undefined) {
      const end = rest.slice(run.length).search(new RegExp(`(?<!\`)${run}(?!\`)`));
      assert.notEqual(end, -1, line);
      outside += '.';
      rest = rest.slice(end + 2 * run.length);
    } else if (rest.startsWith('\\')) {
      outside += '.';
      rest = rest.slice(2);
    } else {
      outside += rest[0];
      rest = rest.slice(1);
    }
  }
  return outside;
}

describe('policyOf', () => {
  it('is the rule of the Hub’s windows only for their refusals', () => {
    const ruleOf = (refused: Refusal) => section(documentOf(refused), 'The rule');
    assert.match(ruleOf(hubRefusal(0)), /fixed windows of 5 minutes/);
    assert.match(ruleOf(routerRefusal(0)), /The model and the server decide/);
  });

  it('has a quota’s size in words', () => {
    const ruleOf = (windowSeconds: number) =>
      section(
        documentOf(hubRefusal(0, { cause: 'quota', scope: 'repository commits', limit: 128, windowSeconds })),
        'The rule',
      );
    assert.match(ruleOf(3_600), /Here: 128 in an hour\./);
    assert.match(ruleOf(86_400), /Here: 128 in a day\./);
    assert.match(ruleOf(300), /Here: 128 in 5 min\./);
  });
});

describe('avoidanceOf', () => {
  const codeOf = (change: Partial<Refusal>) => avoidanceOf(hubRefusal(0, change))?.code ?? '';

  it('is code for the refused program’s library', () => {
    const tokens = (program?: string, more: Partial<Refusal> = {}) =>
      avoidanceOf(refusal({ cause: 'tokens', program, message: '', ...more }));
    assert.match(tokens('python train.py')?.code ?? '', /from openai import OpenAI/);
    assert.match(tokens('python -m transformers.chat')?.code ?? '', /from huggingface_hub import/);
    assert.match(tokens('node app.mjs')?.code ?? '', /import OpenAI from 'openai'/);
    assert.match(tokens(undefined, { source: 'host' })?.code ?? '', /import OpenAI from 'openai'/);
    assert.match(tokens('curl https://router.huggingface.co/v1')?.code ?? '', /^curl /);
    assert.equal(tokens('train.ipynb, cell 7')?.language, 'python');
    assert.equal(libraryOf(hubRefusal(0, { program: 'npx tsx sync.ts' })), 'huggingface-js');
    assert.equal(libraryOf(hubRefusal(0, { program: 'python a.py' })), 'huggingface-hub');
  });

  it('is about the refusal’s cause', () => {
    assert.match(codeOf({ scope: 'anonymous' }), /HF_TOKEN/);
    assert.match(codeOf({ scope: 'whoami-v2' }), /@cache/);
    assert.match(codeOf({ scope: 'resolvers' }), /local_files_only=True/);
    assert.match(codeOf({ cause: 'quota', scope: 'repository commits' }), /upload_folder/);
    assert.match(codeOf({ cause: 'quota', scope: 'ZeroGPU' }), /duration=30/);
    assert.match(codeOf({ cause: 'credits', scope: 'monthly included credits' }), /X-HF-Bill-To|bill_to/);
    assert.match(avoidanceOf(routerRefusal(0))?.text ?? '', /Fewer requests at once/);
    assert.equal(avoidanceOf(hubRefusal(0, { cause: 'unknown' })), undefined);
    assert.equal(avoidanceOf(hubRefusal(0, { cause: 'quota', scope: 'storage' })), undefined);
  });

  it('writes a model’s name into code only if it is harmless', () => {
    assert.match(codeOf({ cause: 'tokens', model: 'org/model-7B' }), /"org\/model-7B"/);
    assert.match(codeOf({ cause: 'tokens', model: 'a/b"); import os; ("' }), /"acme\/model"/);
  });

  it('has code for every advice', () => {
    fc.assert(
      fc.property(anyRefusal, each => {
        const avoided = avoidanceOf(each);
        if (avoided) assert.ok(avoided.text && avoided.code && avoided.language);
      }),
    );
  });
});

describe('refusalReport', () => {
  it('names an endpoint, which is no model', () => {
    const host = 'abc.us-east-1.aws.endpoints.huggingface.cloud';
    const ofEndpoint = refusal({
      cause: 'spending-limit',
      by: 'huggingface',
      scope: 'Inference Endpoints',
      model: host,
    });
    assert.ok(reportOf(ofEndpoint).includes(`- Endpoint: \`${host}\``));
    assert.match(reportOf(refusal({ model: 'acme/Model-7B' })), /^- Model: `acme\/Model-7B`$/m);
  });

  it('has UTC times, the server’s words, headers, request ID and Headroom’s reading', () => {
    const refused = classifyRefusal(
      factsOf({
        headers: { ...windowHeaders(0), 'x-request-id': 'Root=1-68' },
        source: 'gateway',
        bodyText: 'Too many',
      }),
    );
    assert.ok(refused);
    const report = reportOf({ ...refused, at: at + minuteMs, program: 'python train.py' }, refused);
    for (const part of [
      '- Time: 2026-10-14T09:31:00.000Z',
      '- Count: 2, since 2026-10-14T09:30:00.000Z',
      '- Status: 429',
      '- Request ID: `Root=1-68`',
      '- Seen in: gateway',
      '- Program: `python train.py`',
      'cause `rate`, by `huggingface`, scope `api`, limit `1000`, remaining `0`, window `300 s`, resets at `2026-10-14T09:34:02.000Z`',
      '```text\nToo many\n```',
      'ratelimit: "api";r=0;t=242',
      'Times: 2026-10-14T09:31:00.000Z, 2026-10-14T09:30:00.000Z',
    ]) {
      assert.ok(report.includes(part), `${part} in ${report}`);
    }
  });

  it('redacts secrets again', () => {
    const secret = 'hf_abcdefghijklmnop';
    const report = reportOf(
      refusal({
        message: `token ${secret}`,
        program: `run --token=${secret}`,
        headers: { 'x-error-message': secret },
      }),
    );
    assert.doesNotMatch(report, /abcdefgh/);
  });
});

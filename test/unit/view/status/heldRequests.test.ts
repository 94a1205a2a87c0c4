import assert from 'node:assert/strict';
import type { Payer } from '../../../../src/billing/profile.ts';
import type { Held } from '../../../../src/view/account/heldRequests.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import { nextRepaintAt } from '../../../../src/view/status/nextRepaint.ts';
import { type StatusBarModel, statusBarModel } from '../../../../src/view/status/statusBarModel.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import { limitsFace, statusBarFace } from '../../../../src/view/viewModels.ts';
import {
  aSnapshot,
  fixedNow,
  gauge,
  held,
  hourMs,
  minuteMs,
  type SnapshotBuilder,
  secondMs,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();
const untold = held({ until: undefined });
const one = held({ waiting: 1, programs: 1 });
const groq = held({
  limit: 'key/groq',
  by: 'groq',
  scope: undefined,
  model: 'llama-3.1-8b',
  waiting: 3,
  programs: 1,
});
const behindRouter = (model?: string) => held({ scope: 'router', model, heldBy: 'refusal' });

interface Also {
  readonly payer?: Payer;
  readonly show?: 'auto' | 'icon';
}

const options = (waiting: readonly Held[], also: Also = {}) =>
  ({ show: 'auto', timeZone: 'UTC', held: waiting, ...also }) as const;

function bar(waiting: readonly Held[], snapshot: SnapshotBuilder = ada, also: Also = {}): StatusBarModel {
  return statusBarModel(snapshot.build(), options(waiting, also), fixedNow, 'en');
}

describe('requests that wait, in the status bar', () => {
  const cases: [held: readonly Held[], text: string, spoken: string][] = [
    [[held()], '12 waiting · 0:38', '12 requests are waiting, the first can go in 38 seconds'],
    [[one], '1 waiting · 0:38', '1 request is waiting, it can go in 38 seconds'],
    [[untold], '12 waiting', '12 requests are waiting'],
    [[{ ...one, until: undefined }], '1 waiting', '1 request is waiting'],
    [[held({ until: fixedNow - secondMs })], '12 waiting', '12 requests are waiting'],
    [
      [held(), { ...groq, until: fixedNow + 112 * secondMs }],
      '15 waiting · 0:38',
      '15 requests are waiting, the first can go in 38 seconds',
    ],
    [
      [held({ waiting: 2_936, until: fixedNow + 112 * secondMs })],
      '2,936 waiting · 1:52',
      '2,936 requests are waiting, the first can go in 1 minute 52 seconds',
    ],
  ];
  for (const [waiting, text, spoken] of cases) {
    it(`${text}: ${spoken}`, () => {
      assert.deepEqual(bar(waiting), {
        kind: 'waiting',
        text: `$(watch) ${text}`,
        accessibilityLabel: `Hugging Face: ${spoken}`,
      });
    });
  }

  it('do not show before a second has passed', () => {
    assert.equal(bar([held({ since: fixedNow - 999 })]).kind, 'fresh');
  });

  it('are the watch alone where only the icon is wanted', () => {
    const model = bar([held()], ada, { show: 'icon' });
    assert.equal(model.text, '$(watch)');
    assert.match(model.accessibilityLabel, /12 requests are waiting/);
  });

  it('do not hide that nobody is signed in', () => {
    assert.equal(bar([held()], aSnapshot()).kind, 'signed-out');
  });

  it('do not hide whose money it is', () => {
    const acme: Payer = { chosen: { kind: 'organization', name: 'acme' } };
    const model = bar([held()], ada, { payer: acme });
    assert.equal(model.text, '$(watch) $(organization) acme · 12 waiting · 0:38');
    assert.match(model.accessibilityLabel, /^Bills acme\. Hugging Face: 12 requests are waiting/);
    const key: Payer = { chosen: { kind: 'provider-key', provider: 'groq' } };
    assert.equal(bar([groq], aSnapshot(), { payer: key }).text, '$(watch) $(key) groq · 3 waiting · 0:38');
  });

  it('leave the mark of who stands in', () => {
    const payer: Payer = {
      chosen: { kind: 'personal' },
      standIn: {
        profile: { kind: 'organization', name: 'acme' },
        reason: 'credits',
        since: fixedNow - minuteMs,
      },
    };
    const model = bar([held()], ada, { payer });
    assert.equal(model.text, '$(watch) $(arrow-swap) $(organization) acme · 12 waiting · 0:38');
    assert.equal(model.background, 'warning');
  });
});

describe('requests that wait, in the hover', () => {
  const lines = (waiting: readonly Held[], snapshot: SnapshotBuilder = ada) =>
    hoverMarkdown(snapshot.build(), options(waiting), fixedNow, 'en')
      .split('\n')
      .filter(line => line.includes('Held'))
      .map(line => line.replace(/\\(\p{ASCII})/gu, '$1').trim());
  const links = (id: string) =>
    `[Release](command:headroom.releaseHeld?%5B%22${id}%22%5D) · [Cancel](command:headroom.cancelHeld?%5B%22${id}%22%5D)`;
  const hub = links('rate-limits%3Aheld%2Fada%252Fapi');

  it('are told with who they are, what they wait for and for how long, and with the two ways out', () => {
    const line = `**Waiting** 12 requests of 2 programs for the Hub’s api window · 0:40 · ${hub}`;
    assert.deepEqual(lines([held()]), [line]);
  });

  it('are told also while nobody is signed in', () => {
    assert.equal(lines([held()], aSnapshot()).length, 1);
  });

  for (const [waiting, words] of [
    [one, '1 request for the Hub’s api window · 0:40'],
    [untold, '12 requests of 2 programs for the Hub’s api window'],
    [groq, '3 requests of one program for groq · llama-3.1-8b · 0:40'],
    [held({ heldBy: 'refusal' }), '12 requests of 2 programs for Hub API · 0:40'],
    [
      held({ heldBy: 'concurrency', scope: 'router', model: 'acme/Model', until: undefined }),
      /for Hugging Face · acme\/Model ·/,
    ],
    [behindRouter('gpt2'), '12 requests of 2 programs for Hugging Face · gpt2 · 0:40'],
    [held({ scope: 'router', model: 'gpt2' }), '12 requests of 2 programs for Hugging Face · gpt2 · 0:40'],
    [behindRouter(), /for Hugging Face · Inference Providers · 0:40/],
    [held({ heldBy: 'unsettled', scope: undefined }), /for credits that open requests hold · 0:40/],
  ] as const) {
    it(`as ${words}`, () => {
      const [line = ''] = lines([waiting]);
      if (typeof words === 'string') assert.ok(line.startsWith(`**Waiting** ${words} · [`), line);
      else assert.match(line, words);
    });
  }

  it('are told for three limits, with a way to all of them', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map(limit => held({ limit }));
    const shown = lines(many);
    assert.equal(shown.length, 4);
    const asking = '[Release](command:headroom.releaseHeld) · [Cancel](command:headroom.cancelHeld)';
    assert.equal(shown.at(-1), `2 more · ${asking}`);
  });

  it('link to nothing that a model’s name asks for', () => {
    const markdown = hoverMarkdown(
      ada.build(),
      options([held({ by: 'groq', scope: undefined, model: '[x](command:evil)', limit: '") $(zap)' })]),
      fixedNow,
      'en',
    );
    assert.match(markdown, /\\\[x\\\]\\\(command\\:evil\\\)/);
    assert.doesNotMatch(markdown, /\$\(zap\)/);
  });
});

describe('requests that wait, in the tree', () => {
  const section = (waiting: readonly Held[], snapshot = ada.withGauges(gauge('api', 23, 2_500))) => {
    const found = treeModel(snapshot.build(), options(waiting), fixedNow, 'en').find(
      ({ id }) => id === 'rate-limits',
    );
    assert.ok(found);
    return found;
  };

  it('have a row for each limit, before the windows', () => {
    const { children, description } = section([held(), { ...groq, until: undefined }]);
    assert.deepEqual(
      children.slice(0, 3).map(row => [row.id, row.label, row.description, row.contextValue]),
      [
        ['rate-limits:held/ada%2Fapi', 'Hub API', '12 waiting · 0:38', 'held'],
        ['rate-limits:held/key%2Fgroq', 'groq', '3 waiting · llama-3.1-8b', 'held'],
        ['rate-limits/api', 'api', '23 / 2,500', 'value'],
      ],
    );
    assert.equal(description, '15 waiting');
  });

  it('are named after the model behind the router, also after one that has no owner', () => {
    const [row] = section([behindRouter('gpt2')]).children;
    assert.deepEqual([row?.label, row?.description], ['Hugging Face', '12 waiting · 0:38 · gpt2']);
  });

  it('are spoken in words, in steps of ten seconds', () => {
    const [row] = section([held()]).children;
    assert.equal(row?.accessibilityLabel, 'Hub API, 12 requests are waiting, the first can go in 40 seconds');
    const [other] = section([{ ...groq, until: undefined }]).children;
    assert.equal(other?.accessibilityLabel, 'groq, 3 requests are waiting, llama-3.1-8b');
  });

  for (const [heldBy, words] of [
    ['window', /The window is spent/],
    ['refusal', /A request was refused: others of the same limit wait/],
    ['unsettled', /Hugging Face holds money for each request/],
    ['concurrency', /One goes when another has ended/],
  ] as const) {
    it(`say why (${heldBy}), and what release and cancel do`, () => {
      const [row] = section([held({ heldBy })]).children;
      const tooltip = row?.tooltip().replace(/\\(\p{ASCII})/gu, '$1') ?? '';
      assert.match(tooltip, /^12 requests of 2 programs\./);
      assert.match(tooltip, words);
      assert.match(tooltip, /Release sends them at once; they may be refused\./);
      assert.match(tooltip, /a 429 which says that you cancelled them\./);
    });
  }

  it('have none while they have waited for less than a second', () => {
    assert.equal(section([held({ since: fixedNow - 1 })]).children[0]?.id, 'rate-limits/api');
  });
});

describe('the next repaint, while requests wait', () => {
  const next = (waiting: readonly Held[], watched = true) =>
    nextRepaintAt(aSnapshot().build(), fixedNow, watched, { held: waiting }) - fixedNow;

  it('is each second of the countdown, whoever looks', () => {
    const waiting = [held({ until: fixedNow + 38_300 })];
    assert.equal(next(waiting), 300);
    assert.equal(next(waiting, false), 300);
  });

  it('is that of another limit’s countdown only while somebody looks at the tree', () => {
    const waiting = [held({ until: fixedNow + 38_300 }), held({ limit: 'groq', until: fixedNow + 50_100 })];
    assert.equal(next(waiting), 100);
    assert.equal(next(waiting, false), 300);
  });

  it('is the moment at which they have waited for a second', () => {
    assert.equal(next([held({ since: fixedNow - 400, until: undefined })]), 600);
  });

  it('is never, where no time is told', () => {
    assert.equal(next([untold]), Number.POSITIVE_INFINITY);
  });
});

describe('faces', () => {
  const known = { snapshot: ada.build(), payer: { chosen: { kind: 'personal' } }, held: [held()] } as const;

  it('take who waits to the status bar, the hover and the tree', () => {
    const face = statusBarFace(known, { show: 'auto' }, fixedNow, 'en', true);
    assert.equal(face.text, '$(watch) 12 waiting · 0:38');
    assert.match(face.hover, /12 requests of 2 programs/);
    assert.equal(face.nextRepaintAt, fixedNow + secondMs);
    const { roots } = limitsFace(known, { show: 'auto' }, fixedNow, 'en', true);
    assert.ok(roots.some(({ children }) => children.some(({ contextValue }) => contextValue === 'held')));
  });

  it('let the hover be behind', () => {
    const calmHeld = [held({ waiting: 20 })];
    const face = statusBarFace({ ...known, calmHeld }, { show: 'auto' }, fixedNow + hourMs, 'en', true);
    assert.match(face.text, /12 waiting/);
    assert.match(face.hover, /20 requests of 2 programs/);
  });
});

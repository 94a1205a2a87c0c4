import assert from 'node:assert/strict';
import type { Payer } from '../../../../src/billing/profile.ts';
import type { Held } from '../../../../src/view/account/heldRequests.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import type { StatusBarModel } from '../../../../src/view/status/statusBarKind.ts';
import { statusBarModel, statusBarView } from '../../../../src/view/status/statusBarModel.ts';
import { limitsView, treeModel } from '../../../../src/view/tree/treeModel.ts';
import {
  aSnapshot,
  fixedNow,
  gauge,
  header,
  held,
  hourMs,
  hubRefusal,
  type InputChange,
  minuteMs,
  refusal,
  type SnapshotBuilder,
  secondMs,
  viewInput,
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

function bar(requests: readonly Held[], snapshot = ada, more: InputChange = {}): StatusBarModel {
  return statusBarModel(viewInput(snapshot, { held: requests, ...more }));
}

describe('held requests in the status bar', () => {
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
        kind: 'held',
        text: `$(watch) ${text}`,
        accessibilityLabel: `Hugging Face: ${spoken}`,
      });
    });
  }

  it('show after a second', () => {
    assert.equal(bar([held({ since: fixedNow - 999 })]).kind, 'fresh');
  });

  it('are only the watch icon with the setting `icon`', () => {
    const model = bar([held()], ada, { show: 'icon' });
    assert.equal(model.text, '$(watch)');
    assert.match(model.accessibilityLabel, /12 requests are waiting/);
  });

  it('do not hide that the user is signed out', () => {
    assert.equal(bar([held()], aSnapshot()).kind, 'signed-out');
  });

  it('do not hide the payer', () => {
    const acme: Payer = { chosen: { kind: 'organization', name: 'acme' } };
    const model = bar([held()], ada, { payer: acme });
    assert.equal(model.text, '$(watch) $(organization) acme · 12 waiting · 0:38');
    assert.match(model.accessibilityLabel, /^Bills acme\. Hugging Face: 12 requests are waiting/);
    const key: Payer = { chosen: { kind: 'provider-key', provider: 'groq' } };
    assert.equal(bar([groq], aSnapshot(), { payer: key }).text, '$(watch) $(key) groq · 3 waiting · 0:38');
  });

  it('keep the mark of a stand-in', () => {
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

describe('held requests in the hover', () => {
  const lines = (requests: readonly Held[], snapshot = ada) =>
    hoverMarkdown(viewInput(snapshot, { held: requests }))
      .split('\n')
      .filter(line => line.includes('Held'))
      .map(line => line.replace(/\\(\p{ASCII})/gu, '$1').trim());
  const links = (id: string) =>
    `[Release](command:headroom.releaseHeld?%5B%22${id}%22%5D) · [Cancel](command:headroom.cancelHeld?%5B%22${id}%22%5D)`;
  const hub = links('rate-limits%3Aheld%2Fada%252Fapi');

  it('have their count, limit, countdown and links to release and cancel', () => {
    const line = `**Now** waiting: 12 requests of 2 programs for the Hub’s api window · until 14:10:38 · ${hub}`;
    assert.deepEqual(lines([held()]), [line]);
  });

  it('show also while the user is signed out', () => {
    assert.equal(lines([held()], aSnapshot()).length, 1);
  });

  for (const [waiting, words] of [
    [one, '1 request for the Hub’s api window · until 14:10:38'],
    [untold, '12 requests of 2 programs for the Hub’s api window'],
    [groq, '3 requests of one program for groq · llama-3.1-8b · until 14:10:38'],
    [held({ heldBy: 'refusal' }), '12 requests of 2 programs for Hub API · until 14:10:38'],
    [
      held({ heldBy: 'concurrency', scope: 'router', model: 'acme/Model', until: undefined }),
      /for Hugging Face · acme\/Model ·/,
    ],
    [behindRouter('gpt2'), '12 requests of 2 programs for Hugging Face · gpt2 · until 14:10:38'],
    [
      held({ scope: 'router', model: 'gpt2' }),
      '12 requests of 2 programs for Hugging Face · gpt2 · until 14:10:38',
    ],
    [behindRouter(), /for Hugging Face · Inference Providers · until 14:10:38/],
    [held({ heldBy: 'unsettled', scope: undefined }), /for credits that open requests hold · until 14:10:38/],
  ] as const) {
    it(`read ${words}`, () => {
      const [line = ''] = lines([waiting]);
      if (typeof words === 'string') assert.ok(line.startsWith(`**Now** waiting: ${words} · [`), line);
      else assert.match(line, words);
    });
  }

  it('show three limits, then a link to all', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map(limit => held({ limit }));
    const shown = lines(many);
    assert.equal(shown.length, 4);
    const asking = '[Release](command:headroom.releaseHeld) · [Cancel](command:headroom.cancelHeld)';
    assert.equal(shown.at(-1), `2 more · ${asking}`);
  });

  it('escape links in a model’s name', () => {
    const markdown = hoverMarkdown(
      viewInput(ada, {
        held: [held({ by: 'groq', scope: undefined, model: '[x](command:evil)', limit: '") $(zap)' })],
      }),
    );
    assert.match(markdown, /\\\[x\\\]\\\(command\\:evil\\\)/);
    assert.doesNotMatch(markdown, /\$\(zap\)/);
  });
});

describe('held requests in the tree', () => {
  const sections = (requests: readonly Held[]) =>
    treeModel(viewInput(ada.withGauges(gauge('api', 23, 2_500)), { held: requests }));
  const section = (requests: readonly Held[], wanted = 'rate-limits') => {
    const found = sections(requests).find(({ id }) => id === wanted);
    assert.ok(found);
    return found;
  };

  it('have a row for each limit, above the windows', () => {
    const { children, description } = section([held(), { ...groq, until: undefined }]);
    assert.deepEqual(
      children.slice(0, 2).map(row => [row.id, row.label, row.description, row.contextValue]),
      [
        ['rate-limits:held/ada%2Fapi', 'Hub API', '12 waiting · 0:38', 'held'],
        ['rate-limits/api', 'API calls', '23 / 2,500', 'value'],
      ],
    );
    assert.equal(description, '12 waiting');
  });

  it('of a provider are in a section of their own, with ids that no other row has', () => {
    const both = [held({ limit: 'same' }), { ...groq, limit: 'same', until: undefined }];
    const { label, description, children } = section(both, 'provider-limits');
    assert.deepEqual([label, description], ['Provider limits', '3 waiting']);
    assert.deepEqual(
      children.map(row => [row.id, row.label, row.description]),
      [['rate-limits:held/same#2', 'groq', '3 waiting · llama-3.1-8b']],
    );
    assert.ok(sections([held()]).every(({ id }) => id !== 'provider-limits'));
  });

  it('have the model’s name behind the router, also one without an owner', () => {
    const [row] = section([behindRouter('gpt2')]).children;
    assert.deepEqual([row?.label, row?.description], ['Hugging Face', '12 waiting · 0:38 · gpt2']);
  });

  it('are spoken in words, in steps of 10 s', () => {
    const [row] = section([held()]).children;
    assert.equal(row?.accessibilityLabel, 'Hub API, 12 requests are waiting, the first can go in 40 seconds');
    const [other] = section([{ ...groq, until: undefined }], 'provider-limits').children;
    assert.equal(other?.accessibilityLabel, 'groq, 3 requests are waiting, llama-3.1-8b');
  });

  for (const [heldBy, words] of [
    ['window', /The window is full/],
    ['refusal', /The server refused a request of this limit: the next ones wait/],
    ['unsettled', /Hugging Face holds money for each request/],
    ['concurrency', /The next one goes when one has ended/],
  ] as const) {
    it(`explain ${heldBy}, release and cancel in the tooltip`, () => {
      const [row] = section([held({ heldBy })]).children;
      const tooltip = row?.tooltip().replace(/\\(\p{ASCII})/gu, '$1') ?? '';
      assert.match(tooltip, /^\*\*Hub API\*\* 12 waiting · 0:38\n\n12 requests of 2 programs\./);
      assert.match(tooltip, words);
      assert.match(tooltip, /Release sends them at once; the server may refuse them\./);
      assert.match(tooltip, /a 429 which says that you cancelled them\./);
    });
  }

  it('have no row in their first second', () => {
    assert.equal(section([held({ since: fixedNow - 1 })]).children[0]?.id, 'rate-limits/api');
  });
});

describe('view models of held requests', () => {
  it('reach the status bar, the hover and the tree, which count down each second', () => {
    const input = viewInput(ada, { held: [held()] });
    const view = statusBarView(input);
    assert.equal(view.text, '$(watch) 12 waiting · 0:38');
    assert.match(view.hover, /12 requests of 2 programs/);
    assert.equal(view.countsDown, true);
    const { roots, countsDown } = limitsView(input);
    assert.ok(roots.some(({ children }) => children.some(({ contextValue }) => contextValue === 'held')));
    assert.equal(countsDown, true);
  });

  it('have older counts in the hover', () => {
    const view = statusBarView(viewInput(ada, { held: [held()] }), [held({ waiting: 20 })]);
    assert.match(view.text, /12 waiting/);
    assert.match(view.hover, /20 requests of 2 programs/);
  });
});

describe('the tick of each second', () => {
  const countsDown = (snapshot: SnapshotBuilder, more: InputChange = {}) => {
    const input = viewInput(snapshot, more);
    return [statusBarView(input).countsDown, limitsView(input).countsDown];
  };

  it('is off while nothing counts down', () => {
    assert.deepEqual(countsDown(ada.withHeaders(header('api', 23, 2_500))), [false, false]);
  });

  it('is on for requests that are not shown yet, since they show after a second', () => {
    assert.deepEqual(countsDown(ada, { held: [held({ since: fixedNow })] }), [true, true]);
  });

  it('is on in status bar and tree while a full window is blocked', () => {
    assert.deepEqual(countsDown(ada.withHeaders(header('api', 2_500, 2_500))), [true, true]);
  });

  it('is on in the tree for a window that is nearly full', () => {
    assert.deepEqual(countsDown(ada.withHeaders(header('api', 2_400, 2_500))), [false, true]);
  });

  it('is on in the tree for the last hour of a refusal', () => {
    const inFiftyMinutes = hubRefusal(50 * minuteMs, { cause: 'quota' });
    assert.deepEqual(countsDown(ada.withRefusals(inFiftyMinutes)), [false, true]);
    const inTwoHours = refusal({ resetsAt: fixedNow + 2 * hourMs });
    assert.deepEqual(countsDown(ada.withRefusals(inTwoHours)), [false, false]);
  });
});

import assert from 'node:assert/strict';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';
import { clickCommand, type StatusBarModel } from '../../../../src/view/status/statusBarKind.ts';
import { statusBarModel, statusBarView } from '../../../../src/view/status/statusBarModel.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import {
  aSnapshot,
  creditsRefusal,
  dayMs,
  evenSpend,
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
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount();

function bar(snapshot: SnapshotBuilder, options: InputChange = {}, now = fixedNow): StatusBarModel {
  return statusBarModel(viewInput(snapshot, { ...options, now }));
}

describe('a click on the status bar', () => {
  const clicked = (snapshot: SnapshotBuilder) => clickCommand(bar(snapshot).kind);

  it('signs in where it reads “sign in”', () => {
    assert.equal(clicked(aSnapshot()), 'headroom.signIn');
    assert.equal(clicked(ada.withProblem('account', 'invalid-token')), 'headroom.signIn');
  });

  it('opens the actions otherwise', () => {
    assert.equal(clicked(ada.withCredits()), 'headroom.showActions');
    const keyring = { sessionProblem: { kind: 'keyring', message: 'locked' } } as const;
    assert.equal(clicked(aSnapshot().with(keyring)), 'headroom.showActions');
    assert.equal(clicked(ada.withProblem('credits', 'missing-permission')), 'headroom.showActions');
  });
});

describe('statusBarModel', () => {
  describe('with several states at once, shows', () => {
    const everything = ada
      .withCredits({ usedNanoUsd: usd(2) }, dayMs)
      .withHeaders(header('api', 2_500, 2_500))
      .withRefusals(creditsRefusal());

    it('a rejected token before all other states', () => {
      assert.equal(bar(everything.withProblem('account', 'invalid-token')).kind, 'invalid-token');
    });
    it('refused credits before a full window', () => {
      assert.equal(bar(everything).kind, 'exhausted');
    });
    it('refused credits before held requests', () => {
      assert.equal(bar(everything, { held: [held()] }).kind, 'exhausted');
    });
    it('held requests before their full window', () => {
      assert.equal(bar(everything.withRefusals(), { held: [held()] }).kind, 'held');
    });
    it('a full window before a stale amount', () => {
      assert.equal(bar(everything.withRefusals()).kind, 'rate-limited');
    });
    it('a stale amount before a low one, without an alarm: it may be wrong', () => {
      const model = bar(everything.withRefusals().withHeaders());
      assert.equal(model.kind, 'stale');
      assert.equal(model.background, undefined);
    });
    it('a known amount before `offline`', () => {
      assert.equal(bar(ada.withCredits().offline()).kind, 'fresh');
    });
    it('a missing permission before `loading`', () => {
      assert.equal(
        bar(aSnapshot().signedIn().withProblem('credits', 'missing-permission')).kind,
        'no-permission',
      );
    });
  });

  describe('is not `exhausted` for', () => {
    for (const [name, snapshot] of [
      ['a refusal while money is left', ada.withCredits().withRefusals(creditsRefusal())],
      [
        'a refusal of long ago',
        ada.withCredits({ usedNanoUsd: usd(2) }).withRefusals(creditsRefusal({ at: fixedNow - hourMs })),
      ],
      [
        'another payer’s refusal',
        ada.withCredits({ usedNanoUsd: usd(2) }).withRefusals(creditsRefusal({ billedTo: 'acme' })),
      ],
      [
        'a provider’s own refusal',
        ada.withCredits({ usedNanoUsd: usd(2) }).withRefusals(creditsRefusal({ by: 'groq' })),
      ],
    ] as const) {
      it(name, () => assert.notEqual(bar(snapshot).kind, 'exhausted'));
    }
  });

  describe('does not count down for', () => {
    for (const [name, snapshot] of [
      ['a window that is over', ada.withHeaders(header('api', 2_500, 2_500, { resetsAt: fixedNow }))],
      ['a window that is nearly full', ada.withHeaders(header('api', 2_499, 2_500))],
      ['a full gauge without a reset', ada.withGauges(gauge('api', 2_500, 2_500))],
      [
        'a limit on one action for an hour',
        ada.withRefusals(hubRefusal(hourMs, { scope: 'repository commits' })),
      ],
      ['a quota', ada.withRefusals(hubRefusal(minuteMs, { cause: 'quota' }))],
      ['a 429 that is over', ada.withRefusals(hubRefusal(0))],
    ] as const) {
      it(name, () => assert.equal(bar(snapshot.withCredits()).kind, 'fresh'));
    }
  });

  describe('names a blocked model or program and counts down, whatever the cause:', () => {
    const closed = (change: Partial<Refusal>) =>
      refusal({
        at: fixedNow - 54 * secondMs,
        cause: 'unknown',
        by: 'huggingface',
        scope: undefined,
        limit: undefined,
        resetsAt: fixedNow + 96 * secondMs,
        model: undefined,
        source: 'gateway',
        message: 'Rate limit exceeded, please try again later',
        ...change,
      });
    const model = 'meta-llama/Llama-3.1-8B-Instruct';
    const program = 'python my_script.py --fast';
    for (const [change, text, spoken] of [
      [{ model }, 'Llama-3.1-8B · 1:36', 'Llama-3.1-8B is refused, again in 1 minute 36 seconds'],
      [{ model: `${model}:novita`, cause: 'rate' }, 'Llama-3.1-8B · 1:36', 'again in 1 minute 36 seconds'],
      [
        { model: 'openai/gpt-oss-120b', cause: 'capacity', status: 503 },
        'gpt-oss-120b · 1:36',
        'gpt-oss-120b',
      ],
      [{ model, resetsAt: fixedNow + 40 * minuteMs }, 'Llama-3.1-8B · 40:00', 'in 40 minutes'],
      [{ program, source: 'terminal', by: 'unknown' }, 'my_script.py · 1:36', 'my_script.py is refused'],
      [{ by: 'groq', cause: 'tokens' }, 'groq · 1:36', 'groq is refused'],
    ] as [Partial<Refusal>, string, string][]) {
      it(text, () => {
        const { kind, text: shown, background, accessibilityLabel } = bar(ada.withRefusals(closed(change)));
        assert.deepEqual([kind, shown, background], ['rate-limited', `$(watch) ${text}`, 'warning']);
        assert.ok(accessibilityLabel.includes(spoken), accessibilityLabel);
      });
    }

    it('bar, spoken label, hover and row show the same second', () => {
      for (const ms of [0, 1, 999, 1_000, 30_500]) {
        const input = viewInput(ada.withRefusals(closed({ model })), { now: fixedNow + ms });
        const seconds = Math.ceil((96_000 - ms) / 1000);
        const { text, accessibilityLabel, hover } = statusBarView(input);
        const countdown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
        const row = treeModel(input).find(({ id }) => id === 'refusals')?.children[0];
        assert.equal(text, `$(watch) Llama-3.1-8B · ${countdown}`);
        const shown = `${row?.label} ${row?.description}`;
        assert.ok(shown.includes(countdown), shown);
        assert.ok(accessibilityLabel.includes(`${seconds % 60} second`), accessibilityLabel);
        assert.match(hover, /until 14\\:11\\:36/);
      }
    });
  });

  it('says that the chosen payer is back as soon as a refresh shows its credits', () => {
    const since = fixedNow - minuteMs;
    const payer = {
      chosen: { kind: 'personal' },
      standIn: { profile: { kind: 'organization', name: 'acme' }, reason: 'credits', since },
    } as const;
    const before = ada.withCredits({ usedNanoUsd: usd(2) });
    assert.doesNotMatch(bar(before, { payer }).text, /again/);
    const after = bar(ada.withCredits({ usedNanoUsd: usd(0.4) }), { payer });
    assert.equal(after.text, '$(arrow-swap) you again with the next request');
    assert.match(after.accessibilityLabel, /Credits are back/);
    assert.doesNotMatch(bar(ada.withCredits({}, 2 * minuteMs), { payer }).text, /again/, 'older figures');
  });

  it('names the limit that blocks longest', () => {
    const snapshot = ada.withHeaders(
      header('pages', 400, 400, { resetsAt: fixedNow + 10 * secondMs }),
      header('resolvers', 12_000, 12_000),
    );
    assert.equal(bar(snapshot).text, '$(watch) Hub downloads full · 1:52');
  });

  describe('with the setting `show` and a budget, shows', () => {
    const enterprise = ada.withAccount({ type: 'org', name: 'acme', plan: 'enterprise' }).withCredits();
    const low = ada.withCredits({ usedNanoUsd: usd(1.79) });
    const withoutIncluded = ada.withCredits({ includedNanoUsd: undefined });
    const cases: [name: string, SnapshotBuilder, InputChange, text: string][] = [
      ['used, when chosen', ada.withCredits(), { show: 'used' }, '$(hubot) $1.02 used'],
      ['never left where it can’t be known', withoutIncluded, { show: 'left' }, '$(hubot) $1.02 used'],
      [
        'never left of nothing',
        ada.withCredits({ includedNanoUsd: 0, usedNanoUsd: 0 }),
        { show: 'left' },
        '$(hubot) $0.00 used',
      ],
      ['used on Enterprise by default', enterprise, {}, '$(organization) acme · $1.02 used'],
      ['left on Enterprise when chosen', enterprise, { show: 'left' }, '$(organization) acme · $0.98 left'],
      ['the icon alone', ada.withCredits(), { show: 'icon' }, '$(hubot)'],
      ['the icon of the state', low, { show: 'icon' }, '$(warning)'],
      ['left of the user’s budget', withoutIncluded, { budgetNanoUsd: usd(5) }, '$(hubot) $3.98 left'],
      [
        'over the budget',
        ada.withCredits({ usedNanoUsd: usd(5.4) }),
        { budgetNanoUsd: usd(5) },
        '$(warning) $0.40 over budget',
      ],
    ];
    for (const [name, snapshot, options, text] of cases) {
      it(name, () => assert.equal(bar(snapshot, options).text, text));
    }
  });

  it('warns when the credits will be gone before their reset', () => {
    const spending = (amount: number) =>
      ada.withCredits({ usedNanoUsd: usd(amount) }).with({ spend: evenSpend(usd(amount)) });
    assert.equal(bar(spending(1.55)).kind, 'low');
    assert.equal(bar(spending(1.4)).kind, 'fresh');
  });

  it('is stale as soon as the credits are of an earlier month', () => {
    const firstMinute = Date.UTC(2025, 11, 1, 0, 1);
    const read = ada.with({
      credits: { ...ada.withCredits().build().credits, asOf: firstMinute - 2 * minuteMs },
    });
    const model = bar(read, {}, firstMinute);
    assert.equal(model.kind, 'stale');
    assert.equal(model.text, '$(history) November: $1.02 used · 2 min ago');
    assert.match(
      model.accessibilityLabel,
      /not known; November: 1\.02 US dollars used, updated 2 minutes ago/,
    );
  });

  it('draws no icon from a remote name', () => {
    const named = ada.withAccount({ type: 'org', name: '$(zap)\nacme' }).withCredits();
    assert.equal(bar(named).text, '$(organization) \\$(zap) acme · $0.98 left');
  });

  describe('has the accessibility label', () => {
    const cases: [SnapshotBuilder, InputChange, label: string][] = [
      [
        ada.withCredits(),
        {},
        'Hugging Face: 0.98 US dollars of included credits left, updated 40 seconds ago',
      ],
      [
        ada.withCredits(),
        { show: 'used' },
        'Hugging Face: 1.02 US dollars used this month, updated 40 seconds ago',
      ],
      [
        ada.withCredits(),
        { show: 'icon' },
        'Hugging Face: 0.98 US dollars of included credits left, updated 40 seconds ago',
      ],
      [
        ada.withCredits({}, hourMs),
        {},
        'Hugging Face: 0.98 US dollars of included credits left, updated 1 hour ago',
      ],
      [
        ada.withHeaders(header('api', 2_500, 2_500)),
        {},
        'Hugging Face: rate limit reached, Hub API, open again in 1 minute 52 seconds',
      ],
      [
        ada.withCredits({ usedNanoUsd: usd(3.4) }),
        {},
        'Hugging Face: 3.40 US dollars used this month, updated 40 seconds ago',
      ],
    ];
    for (const [snapshot, options, label] of cases) {
      it(label, () => assert.equal(bar(snapshot, options).accessibilityLabel, label));
    }
  });
});

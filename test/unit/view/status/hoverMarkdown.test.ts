import assert from 'node:assert/strict';
import type { SessionProblem } from '../../../../src/account/snapshot.ts';
import { budgetScopes } from '../../../../src/limits/refusals/ownBudget.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import {
  anEventfulSnapshot,
  aSnapshot,
  creditsRefusal,
  dayMs,
  evenSpend,
  fixedNow,
  header,
  hourMs,
  type InputChange,
  minuteMs,
  refusal,
  type SnapshotBuilder,
  usd,
  viewInput,
} from '../builders.ts';
import { plainHover } from './plainHover.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();

function hover(snapshot: SnapshotBuilder, options: InputChange = {}): string {
  return plainHover(hoverMarkdown(viewInput(snapshot, options)));
}

describe('hoverMarkdown', () => {
  const links =
    '[Switch…](command:headroom.switchBilling) · [New terminal](command:headroom.newTerminal) · [Refused lately](command:headroom.openRefusal) · [Limits](command:headroom.limits.focus) · [Dashboard](command:headroom.showDashboard)';

  it('shows in blocks the payer, the account, what is wrong now, and commands; what is fine stays in the tree', () => {
    const payer = { chosen: { kind: 'organization', name: 'acme' } } as const;
    assert.equal(
      hover(anEventfulSnapshot(), { payer }),
      [
        '$(organization) **acme pays** · Team · updated 40 s ago [$(refresh)](command:headroom.refresh "Refresh")  ',
        '61 % {$6.10 left of $10.00} $6.10 left of $10.00 · resets Mon, Dec 1',
        '',
        '---',
        '',
        '**ada (your account)** 49 % {$0.98 left of $2.00} $0.98 left of $2.00  ',
        '**Endpoints** 2 running · $1.60/h',
        '',
        '---',
        '',
        '**Now** Hub downloads 11,990 of 12,000 · opens at 14:11:52  ',
        'groq: tokens per minute, 12,000 · refused at 14:02 · over · ×3  ',
        'Hub API window, 2,500 / 5 min · refused at 13:40 · over',
        '',
        '---',
        '',
        links,
      ].join('\n'),
    );
  });

  it('has two blocks while all is well and the account pays', () => {
    assert.equal(hover(ada).split('\n\n---\n\n').length, 2);
  });

  it('tells of a window and its refusals once', () => {
    const refused = refusal({
      ...{ by: 'huggingface', cause: 'rate', scope: 'api', model: undefined, limit: 2_500 },
      resetsAt: fixedNow + 112_000,
      program: 'python train.py',
    });
    const text = hover(ada.withHeaders(header('api', 2_500, 2_500)).withRefusals(refused));
    assert.equal(text.match(/Hub API/g)?.length, 1);
    assert.match(text, /refused at 14:02 · until 14:11:52 · train\.py/);
  });

  it('tells of a paused budget once, with what to do, and of the cap of a run among the refusals', () => {
    const ofBudget = (scope: string) =>
      refusal({ ...{ status: 402, cause: 'spending-limit', by: 'headroom', scope }, billedTo: 'personal' });
    const paused = { payer: 'personal', pauseAtNanoUsd: usd(1), countedNanoUsd: usd(1), uncosted: 0 };
    const text = hover(ada.withRefusals(ofBudget(budgetScopes.payer), ofBudget(budgetScopes.run)), {
      budgets: [paused],
    });
    assert.match(text, /Your budget: paused at \$1\.00 · \$1\.02 spent {2}\n\[Continue once\]/);
    assert.equal(text.match(/your budget/gi)?.length, 1);
    assert.match(text, /\*\*Now\*\* Headroom: cap of the run, used up/);
  });

  it('lists no refusal that is older than an hour', () => {
    assert.doesNotMatch(hover(ada.withRefusals(refusal({ at: fixedNow - hourMs }))), /\*\*Now\*\*/);
  });

  it('invites to sign in while signed out', () => {
    assert.match(hover(aSnapshot()), /\[Sign in\]\(command:headroom\.signIn\)$/);
  });

  describe('explains a session problem', () => {
    const cases: [SessionProblem, RegExp][] = [
      [
        { kind: 'keyring', message: 'Cannot unlock the item' },
        /storage can’t be read \(“Cannot unlock the item”\)\. Unlock the keyring.*\n\n\[Refresh\]\(command:headroom\.refresh\) · \[Sign in\]/,
      ],
      [
        { kind: 'token-gone', source: { kind: 'environment', variable: 'HF_TOKEN' } },
        /variable HF_TOKEN holds no token here.*\n\n\[Sign in\]\(command:headroom\.signIn\)/,
      ],
      [
        { kind: 'token-gone', source: { kind: 'token-file', path: '/home/ada/token' } },
        /token file \/home\/ada\/token has no token any more/,
      ],
      [
        { kind: 'server-url', message: 'The setting headroom.hubUrl is not a URL.' },
        /headroom\.hubUrl is not a URL\..*\n\n\[Open settings\]\(command:workbench\.action\.openSettings\?%5B%22headroom%22%5D\)/,
      ],
    ];
    for (const [sessionProblem, expected] of cases) {
      it(`${sessionProblem.kind}: ${expected.source.slice(0, 30)}`, () =>
        assert.match(hover(aSnapshot().with({ sessionProblem })), expected));
    }
  });

  it('warns of refused credits', () => {
    const snapshot = ada.withCredits({ usedNanoUsd: usd(2) }).withRefusals(creditsRefusal());
    assert.match(
      hover(snapshot),
      /\$\(warning\) The included credits of November are used up \(\$2\.00\)\. Requests go on when you buy credits, or bill acme\./,
    );
  });

  it('says when the credits will be gone at the month’s pace, or that they last', () => {
    const spending = (amount: number) =>
      ada.withCredits({ usedNanoUsd: usd(amount) }).with({ spend: evenSpend(usd(amount)) });
    assert.match(hover(spending(1.8)), /resets Mon, Dec 1 · gone about Tuesday/);
    assert.match(hover(spending(1.97)), /gone about \d\d:00/);
    assert.match(hover(spending(1.02)), /resets Mon, Dec 1 · lasts until then/);
    assert.doesNotMatch(hover(ada), /gone|lasts/);
  });

  it('measures the user’s budget', () => {
    assert.match(
      hover(ada, { budgetNanoUsd: usd(5) }),
      /^Your budget 80 % \{\$3\.98 left of \$5\.00\} \$3\.98 left of \$5\.00 ·/m,
    );
  });

  it('says what this folder cost today, as far as it is known', () => {
    const today = { requests: 41, costNanoUsd: usd(0.07), uncosted: 0 };
    const line = (change: Partial<typeof today>) =>
      /^\*\*Today here\*\* (.*)$/m.exec(hover(ada, { today: { ...today, ...change } }))?.[1]?.trim();
    assert.equal(line({}), 'about $0.07 · 41 requests');
    assert.equal(line({ uncosted: 3 }), 'about $0.07 + 3 of unknown cost · 41 requests');
    assert.equal(line({ costNanoUsd: 0 }), '$0.00 · 41 requests');
    assert.equal(line({ costNanoUsd: 0, uncosted: 41 }), 'cost unknown · 41 requests');
    assert.equal(line({ requests: 0, costNanoUsd: 0 }), undefined);
  });

  it('shows the age of stale endpoints', () => {
    const snapshot = anEventfulSnapshot();
    const { endpoints } = snapshot.build();
    const stale = { ...endpoints.ada, value: endpoints.ada?.value ?? [], asOf: fixedNow - 3 * hourMs };
    assert.match(
      hover(snapshot.with({ endpoints: { ...endpoints, ada: stale } })),
      /\*\*Endpoints\*\* .* · 3 h ago/,
    );
  });

  it('shows only the used amount of an earlier month', () => {
    const text = hover(ada.withCredits({}, 30 * dayMs));
    assert.match(text, /^– · October: \$1\.02 used/m);
    assert.match(text, /in an earlier month: the credits have begun anew since/);
    assert.doesNotMatch(text, /left of|resets|novita/);
  });

  it('shows a network failure once, with all its parts', () => {
    const text = hover(ada.offline());
    assert.equal(text.split('The name of the server was not found (ENOTFOUND)').length, 2);
    assert.match(text, /The same for: Credits, Jobs, Rate limits, ZeroGPU\./);
  });

  it('shows different failures, each with its remedy', () => {
    const text = hover(
      ada.withProblem('credits', 'missing-permission').withProblem('zeroGpu', 'server-error'),
    );
    assert.match(
      text,
      /This token may not read billing.*\[Make one that can\]\(command:headroom\.makeToken\)/,
    );
    assert.match(text, /\[Open status page\]\(command:headroom\.openPage\?%5B%22https%3A/);
  });

  it('warns of a clock that is off by more than two minutes', () => {
    assert.match(hover(ada.with({ clockSkewMs: hourMs })), /clock is 1 hour behind Hugging Face’s/);
    assert.match(
      hover(ada.with({ clockSkewMs: -5 * minuteMs })),
      /clock is 5 minutes ahead of Hugging Face’s/,
    );
    assert.doesNotMatch(hover(ada.with({ clockSkewMs: 2 * minuteMs })), /clock/);
  });

  it('shows the ledger’s problem', () => {
    assert.match(
      hover(ada.with({ ledgerProblem: 'The disk is full.' })),
      /Headroom’s memory: The disk is full\./,
    );
  });

  it('shows remote names as text', () => {
    const evil = '[x](command:headroom.signOut) $(zap)';
    const snapshot = ada
      .withAccount({ name: evil })
      .withCredits({ byProvider: [{ provider: evil, nanoUsd: 1 }] })
      .withRefusals(refusal({ by: evil, scope: evil }));
    const markdown = hoverMarkdown(viewInput(snapshot));
    assert.doesNotMatch(markdown, /(?<!\\)\]\(command:headroom\.signOut/);
    assert.ok(!markdown.replaceAll('\\', '').includes('$(zap)'));
  });
});

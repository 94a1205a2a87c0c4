import assert from 'node:assert/strict';
import type { SessionProblem } from '../../../../src/account/snapshot.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import {
  anEventfulSnapshot,
  aSnapshot,
  creditsRefusal,
  dayMs,
  evenSpend,
  fixedNow,
  hourMs,
  type InputChange,
  minuteMs,
  refusal,
  type SnapshotBuilder,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();

/** Without the escapes. */
function hover(snapshot: SnapshotBuilder, options: InputChange = {}): string {
  return hoverMarkdown(viewInput(snapshot, options))
    .replaceAll('&#36;', '$')
    .replace(/\\(\p{ASCII})/gu, '$1');
}

describe('hoverMarkdown', () => {
  it('shows payer, credits, endpoints, Hub windows, ZeroGPU and refusals', () => {
    assert.equal(
      hover(anEventfulSnapshot()),
      [
        '**Hugging Face** · ada · PRO · updated 40 s ago [$(refresh)](command:headroom.refresh)',
        '',
        '**Bills** you [Switch…](command:headroom.switchBilling)  ',
        '**Credits** ▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░ $0.98 left of $2.00 · resets in 8 days (Dec 1, 00:00 UTC)  ',
        'novita $0.80 · groq $0.22 · 412 requests  ',
        'Jobs $0.41, 31 min · Spaces $0.12  ',
        'Prepaid balance is not visible to tokens: [open billing page](command:headroom.openBilling)',
        '',
        '**Endpoints** 2 running · $1.60/h · L4 2/2 used ⚠ · 1 scaled to zero, still in the quota',
        '',
        '**Hub, in 5 minutes**  ',
        '▓▓▓▓▓▓▓▓▓░ Downloads (resolvers) 11,990 / 12,000 ⚠ · opens at 14:11:52  ',
        '▓░░░░░░░░░ API calls (api) 23 / 2,500 · 2 min  ',
        '░░░░░░░░░░ Web pages (pages) 0 / 400',
        '',
        '**ZeroGPU** 15 min of 40 min left · 2 of 8 runs used · full again at 18:20',
        '',
        '**Lately refused** [Show all](command:headroom.limits.focus)  ',
        '14:02 groq: tokens per minute, 12,000 · over · ×3  ',
        '13:40 Hub API window, 2,500 / 5 min · over',
      ].join('\n'),
    );
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
    assert.match(hover(snapshot), /Used up: Hugging Face refuses requests\./);
  });

  it('says when the credits will be gone at the present pace', () => {
    const snapshot = ada.withCredits({ usedNanoUsd: usd(1.8) }).with({ spend: evenSpend(usd(1.8)) });
    assert.match(hover(snapshot), /gone on Nov 25, 00:/);
  });

  it('measures the user’s budget', () => {
    assert.match(hover(ada, { budgetNanoUsd: usd(5) }), /\*\*Your budget\*\* ▓▓▓▓░+ \$3\.98 left of \$5\.00/);
  });

  it('shows the age of each stale part', () => {
    const { zeroGpu } = ada.withZeroGpu().build();
    const snapshot = ada.with({ zeroGpu: { ...zeroGpu, asOf: fixedNow - 3 * hourMs } });
    assert.match(hover(snapshot), /\*\*ZeroGPU\*\* .* · 3 h ago/);
  });

  it('shows only the used amount of an earlier month', () => {
    const text = hover(ada.withCredits({}, 30 * dayMs));
    assert.match(text, /\*\*Credits\*\* – · October: \$1\.02 used/);
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
      /This token may not read billing.*\[Make a token that can\]\(command:headroom\.signIn\)/,
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

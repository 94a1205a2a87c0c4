import assert from 'node:assert/strict';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import { newBlockedNotices } from '../../../../src/view/refusals/blockedNoticesModel.ts';
import { badgeModel } from '../../../../src/view/status/badgeModel.ts';
import { statusBarView } from '../../../../src/view/status/statusBarModel.ts';
import {
  aSnapshot,
  creditsRefusal,
  fixedNow,
  type InputChange,
  minuteMs,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';

const free = aSnapshot().signedIn().withAccount({ plan: 'free' });
/** Nine placeholders of $0.01, in $0.0924 of $0.10. */
const nineOpen = free
  .withCredits({ usedNanoUsd: usd(0.0924), includedNanoUsd: usd(0.1) })
  .with({ heldNanoUsd: usd(0.09) });
const held = creditsRefusal({ cause: 'unsettled', source: 'gateway' });
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const usedUp = /used up|buy|Buy/;

function accepted(billedTo: string, agoMs: number) {
  return { billedTo, lastAt: fixedNow - agoMs, open: 0, heldNanoUsd: 0 };
}

function shown(snapshot: SnapshotBuilder, options: InputChange = {}): string {
  const input = viewInput(snapshot, options);
  const { text, accessibilityLabel, hover } = statusBarView(input);
  const notices = newBlockedNotices(input, { getPreference: () => undefined, setPreference() {} });
  const badge = badgeModel(input)?.tooltip ?? '';
  return [text, accessibilityLabel, hover, badge, ...notices.map(({ message }) => message)].join('\n');
}

describe('a 402 that holds explain', () => {
  it('says what is held and when it usually clears, and nowhere that credits are used up', () => {
    const all = shown(nineOpen.withRefusals(held));
    assert.match(all, /^\$\(watch\) \$0\.09 held · ~4 min$/m);
    assert.match(
      all,
      /Refused although \$0\.10 is left: .* and 9 are open\. It usually clears within 5 minutes/,
    );
    assert.doesNotMatch(all, usedUp);
  });

  it('is over after 5 minutes, and once newer figures show that it cleared', () => {
    const later = { now: fixedNow + 4 * minuteMs };
    assert.doesNotMatch(shown(nineOpen.withRefusals(held), later), /held ·/);
    const cleared = free.withCredits({ usedNanoUsd: usd(0.0036), includedNanoUsd: usd(0.1) });
    assert.doesNotMatch(shown(cleared.with({ heldNanoUsd: 0 }).withRefusals(held)), /held ·/);
  });

  it('says so without figures, too', () => {
    assert.match(shown(free.withRefusals(held)), /^\$\(watch\) credits held · ~4 min$/m);
  });

  it('of an organization names it', () => {
    const billed = { ...held, billedTo: 'org:acme' };
    const open = { ...accepted('org:acme', 2 * minuteMs), open: 3, heldNanoUsd: usd(0.03) };
    const snapshot = free.withRefusals(billed).with({ accepted: [open] });
    assert.match(shown(snapshot, { payer: { chosen: acme } }), /acme · \$0\.03 held · ~4 min$/m);
    assert.doesNotMatch(shown(snapshot), /held ·/, 'ada’s money is not held');
  });

  it('raises no badge while the last cent is held', () => {
    const all = free.withCredits({ usedNanoUsd: usd(0.1), includedNanoUsd: usd(0.1) });
    assert.match(badgeModel(viewInput(all))?.tooltip ?? '', usedUp);
    assert.equal(badgeModel(viewInput(all.with({ heldNanoUsd: usd(0.05) }))), undefined);
  });
});

describe('used-up credits', () => {
  const gone = free
    .withCredits({ usedNanoUsd: usd(0.0987), includedNanoUsd: usd(0.1), limitNanoUsd: usd(0.1) })
    .withRefusals(creditsRefusal());

  it('end with the payer’s next success, at once', () => {
    assert.match(shown(gone), /^\$\(error\) credits used up$/m);
    assert.doesNotMatch(shown(gone.with({ accepted: [accepted('personal', 30 * secondMs)] })), usedUp);
  });

  it('do not end with a success of another payer, or one before the refusal', () => {
    for (const other of [accepted('org:acme', 30 * secondMs), accepted('personal', 2 * minuteMs)]) {
      assert.match(shown(gone.with({ accepted: [other] })), /^\$\(error\) credits used up$/m);
    }
  });

  it('of an organization end with its next success', () => {
    const refused = free.withRefusals(creditsRefusal({ billedTo: 'org:acme' }));
    const options = { payer: { chosen: acme } };
    assert.match(shown(refused, options), /acme · credits used up$/m);
    const again = refused.with({ accepted: [accepted('org:acme', 0)] });
    assert.doesNotMatch(shown(again, options), usedUp);
  });

  it('come back with the next refusal', () => {
    const again = gone.withRefusals(creditsRefusal({ at: fixedNow - 5 * secondMs }));
    assert.match(
      shown(again.with({ accepted: [accepted('personal', 30 * secondMs)] })),
      /^\$\(error\) credits used up$/m,
    );
  });
});

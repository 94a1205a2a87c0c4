import assert from 'node:assert/strict';
import type { Refusal } from '../../../../src/limits/refusals/refusal.ts';
import { heldForLimit } from '../../../../src/view/account/heldText.ts';
import { refusalEnd, refusalSentence, refusalTitle } from '../../../../src/view/refusals/refusalText.ts';
import { remedyTexts } from '../../../../src/view/refusals/remedyText.ts';
import { causes } from '../anySnapshot.ts';
import {
  held as aHeld,
  aSnapshot,
  creditsRefusal,
  dayMs,
  fixedNow,
  hubRefusal,
  minuteMs,
  refusal,
  routerRefusal,
  viewInput,
} from '../builders.ts';

const input = viewInput(aSnapshot());

describe('refusalTitle', () => {
  const cases: [Refusal, string][] = [
    [refusal(), 'groq: tokens per minute, 12,000'],
    [hubRefusal(0), 'Hub API window, 2,500 / 5 min'],
    [hubRefusal(0, { windowSeconds: 3_600 }), 'Hub API window, 2,500 / 1 h'],
    [hubRefusal(0, { scope: 'resolvers', limit: undefined }), 'Hub downloads window'],
    [hubRefusal(0, { scope: 'anonymous', limit: undefined }), 'Hub, without a token'],
    [routerRefusal(0), 'Hugging Face: gpt2'],
    [routerRefusal(0, { scope: undefined }), 'Hugging Face: requests'],
    [hubRefusal(0, { model: 'gpt2', scope: 'router', limit: 500 }), 'Hub router window, 500 / 5 min'],
    [
      hubRefusal(0, { cause: 'quota', scope: 'repository commits', limit: 128 }),
      'Hugging Face: repository commits, 128',
    ],
    [creditsRefusal(), 'Hugging Face: credits used up'],
    [creditsRefusal({ cause: 'unsettled' }), 'Hugging Face: credits held by open requests'],
    [refusal({ cause: 'capacity', by: 'together' }), 'together: overloaded'],
    [refusal({ cause: 'unknown', scope: undefined }), 'groq: refused with 429'],
  ];
  for (const [given, title] of cases) {
    it(title, () => assert.equal(refusalTitle(given, 'en'), title));
  }
});

describe('refusalEnd', () => {
  it('is `over` or `until` a time, with the second when that is near and the day when it is far', () => {
    assert.equal(refusalEnd(refusal(), input), 'over');
    assert.equal(refusalEnd(refusal({ resetsAt: fixedNow + minuteMs }), input), 'until 14:11:00');
    assert.equal(refusalEnd(refusal({ resetsAt: fixedNow + 2 * 60 * minuteMs }), input), 'until 16:10');
    assert.equal(refusalEnd(refusal({ resetsAt: fixedNow + dayMs }), input), 'until Nov 23, 14:10 UTC');
    assert.equal(refusalEnd(refusal({ resetsAt: undefined }), input), undefined);
  });
});

describe('refusalSentence', () => {
  const sentence = (given: Refusal) => refusalSentence(given, input);

  it('names the full window, its reset, and the plans with a wider one', () => {
    assert.equal(
      sentence(hubRefusal(2 * minuteMs, { limit: 1_000 })),
      'The Hub’s api window is full: 1,000 requests in 5 min. PRO allows 2,500, Team 3,000. It opens again at 14:12:00.',
    );
    assert.match(sentence(hubRefusal(0)), /in 5 min\. Team allows 3,000\. It opened again at 14:10\.$/);
  });

  it('does not say that credits are used up while requests are unsettled', () => {
    assert.match(sentence(creditsRefusal({ cause: 'unsettled' })), /Nothing was charged\.$/);
  });

  it('has a window’s length in words', () => {
    const windowOf = (windowSeconds: number) => sentence(hubRefusal(0, { limit: 9_000, windowSeconds }));
    assert.match(windowOf(60), /is full: 9,000 requests in a minute\. /);
    assert.match(windowOf(3_600), /is full: 9,000 requests in an hour\. /);
    assert.match(windowOf(86_400), /is full: 9,000 requests in a day\. /);
    assert.match(windowOf(7_200), /is full: 9,000 requests in 2 h\. /);
  });

  it('does not name a model as a Hub window', () => {
    for (const scope of ['gpt2', 'anonymous']) {
      assert.equal(
        sentence(routerRefusal(minuteMs, { scope })),
        'Hugging Face has had too many requests from here in a short time. It opens again at 14:11:00.',
      );
    }
  });

  it('explains anonymous limits', () => {
    assert.match(sentence(hubRefusal(0, { scope: 'anonymous' })), /carried no token/);
  });

  it('quotes the server for an unknown cause', () => {
    assert.equal(
      sentence(refusal({ cause: 'unknown', message: 'Nope', resetsAt: undefined })),
      'groq refused with 429. Its words: “Nope”. The server did not say when it opens again.',
    );
  });

  for (const cause of causes) {
    it(`has a full sentence for ${cause}`, () => {
      assert.match(sentence(refusal({ cause, scope: undefined, message: '' })), /^\S.+\.$/);
    });
  }
});

describe('remedyTexts', () => {
  it('open only Hugging Face’s pages, and leave out waiting', () => {
    const remedies = causes.flatMap(cause => remedyTexts(hubRefusal(0, { cause })));
    assert.ok(remedies.length > 0);
    for (const { action } of remedies) {
      if (action && 'url' in action) assert.match(action.url, /^https:\/\/huggingface\.co\//);
    }
  });

  it('offer a token for a request without one', () => {
    assert.deepEqual(remedyTexts(hubRefusal(0, { scope: 'anonymous' }))[0], {
      label: 'Use a token',
      action: { label: 'Use a token', command: 'headroom.signIn' },
    });
  });
});

it('a server without a name begins its sentence, or is written small', () => {
  for (const cause of causes) {
    for (const status of [402, 413, 429]) {
      const unnamed = refusal({ by: 'unknown', cause, status, model: undefined });
      assert.doesNotMatch(refusalSentence(unnamed, input), /[^.] The server/);
    }
  }
  const held = heldForLimit(aHeld({ by: 'unknown', scope: undefined, model: undefined }), 'en');
  assert.match(held, / for the server$/);
});

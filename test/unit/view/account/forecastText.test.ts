import assert from 'node:assert/strict';
import type { Forecast } from '../../../../src/limits/account/forecast.ts';
import { type CreditsModel, creditsModel } from '../../../../src/view/account/creditsModel.ts';
import { forecastSentences, paceText } from '../../../../src/view/account/forecastText.ts';
import {
  aSnapshot,
  dayMs,
  evenSpend,
  fixedNow,
  hourMs,
  type InputChange,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount();
/** Thursday, 27 November, 15:00 UTC. */
const thursday = fixedNow + 5 * dayMs + 50 * 60_000;

function known(
  forecast: Forecast | undefined,
  change: InputChange = {},
): [CreditsModel, ReturnType<typeof viewInput>] {
  const input = viewInput(ada.withCredits({ usedNanoUsd: usd(0.9) }), change);
  const credits = creditsModel(input);
  assert.ok(credits);
  return [{ ...credits, forecast }, input];
}

const month = { likely: usd(3.4), low: usd(2.9), high: usd(4.1) };
const gone = (at: Forecast['runsOutAt']): Forecast => ({ monthNanoUsd: month, runsOutAt: at });

describe('the pace in words', () => {
  it('is the day on which the credits are gone, with its interval in the tooltip', () => {
    const at = { likely: thursday, low: thursday - dayMs, high: thursday + 3 * dayMs };
    assert.equal(paceText(...known(gone(at))), 'gone about Thursday');
    assert.equal(
      forecastSentences(...known(gone(at)))[0],
      'At this pace it is gone about Thursday, between Wednesday and Sun, Nov 30.',
    );
  });

  it('says that they may also last', () => {
    const [first] = forecastSentences(...known(gone({ likely: thursday, low: thursday - dayMs })));
    assert.equal(
      first,
      'At this pace it is gone about Thursday: Wednesday at the earliest, and it may also last until Dec 1.',
    );
  });

  it('is a time within a day, and a date from six days on', () => {
    assert.equal(paceText(...known(gone({ likely: fixedNow + 3 * hourMs }))), 'gone about 17:10');
    assert.equal(paceText(...known(gone({ likely: fixedNow + 6 * dayMs }))), 'gone about Fri, Nov 28');
  });

  it('has the UTC day in every time zone, as the reset, and the time of day where the reader is', () => {
    for (const timeZone of ['Etc/GMT+12', 'UTC', 'Pacific/Kiritimati']) {
      const late = Date.UTC(2025, 10, 25, 23, 30);
      const early = Date.UTC(2025, 10, 25, 0, 30);
      for (const likely of [late, early]) {
        assert.equal(paceText(...known(gone({ likely }), { timeZone })), 'gone about Tuesday', timeZone);
      }
    }
    const soon = gone({ likely: fixedNow + 3 * hourMs });
    assert.equal(paceText(...known(soon, { timeZone: 'Pacific/Kiritimati' })), 'gone about 07:10');
  });

  it('is that they last', () => {
    const lasts = known({ monthNanoUsd: { likely: usd(1.3) }, unusedNanoUsd: usd(0.7) });
    assert.equal(paceText(...lasts), 'lasts until then');
    assert.equal(forecastSentences(...lasts)[0], 'At this pace it lasts until Dec 1.');
  });

  it('is nothing while it is not known', () => {
    assert.equal(paceText(...known(undefined)), '');
    assert.deepEqual(forecastSentences(...known(undefined)), []);
  });

  it('is of the included credits where they are gone before the budget', () => {
    const spend = evenSpend(usd(1.8));
    const snapshot = ada.withCredits({ usedNanoUsd: usd(1.8) }).with({ spend });
    const text = (budget: number) => {
      const input = viewInput(snapshot, { budgetNanoUsd: usd(budget) });
      const credits = creditsModel(input);
      return credits && paceText(credits, input);
    };
    assert.equal(text(2.1), 'credits gone about Tuesday');
    assert.equal(text(1.9), 'gone about Sunday');
  });
});

describe('the month in words', () => {
  it('is what it will come to, what lapses, and today against a fair day', () => {
    const sentences = forecastSentences(
      ...known({
        monthNanoUsd: month,
        unusedNanoUsd: usd(1.1),
        todayNanoUsd: usd(0.2),
        fairTodayNanoUsd: usd(0.07),
      }),
    );
    assert.deepEqual(sentences.slice(1), [
      'November will come to about $3.40 ($2.90 to $4.10).',
      '$1.10 of $2.00 will lapse on Dec 1.',
      'Today in UTC $0.20, a fair day is $0.07.',
    ]);
  });

  it('has no interval that is narrower than a cent', () => {
    const even = { likely: usd(1.402), low: usd(1.401), high: usd(1.403) };
    assert.equal(
      forecastSentences(...known({ monthNanoUsd: even }))[1],
      'November will come to about $1.40.',
    );
  });

  it('lets no budget lapse', () => {
    const text = forecastSentences(
      ...known({ monthNanoUsd: month, unusedNanoUsd: usd(1.1) }, { budgetNanoUsd: usd(5) }),
    ).join(' ');
    assert.doesNotMatch(text, /lapse/);
  });
});

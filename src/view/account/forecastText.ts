import * as l10n from '@vscode/l10n';
import type { Range } from '../../limits/account/forecast.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { clockText, dayText, monthText, utcDayText, weekdayText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { type CreditsModel, includedCreditsModel } from './creditsModel.ts';

const dayMs = 86_400_000;
/** From here on a weekday alone may be the next one. */
const weekdaysMs = 6 * dayMs;

/** `lasts until then`, `gone about Thursday`, behind the reset: at the month's pace. Empty: not known. */
export function paceText(credits: CreditsModel, input: ViewInput): string {
  if (!hasRest(credits)) return '';
  const earlier = includedRunsOut(credits, input);
  if (earlier) return l10n.t('credits gone about {0}', runOutText(earlier.likely, input));
  const own = runsOut(credits);
  return own ? l10n.t('gone about {0}', runOutText(own.likely, input)) : l10n.t('lasts until then');
}

/** Whether the credits or the budget are gone before their reset at this pace. */
export function isRunningOut(credits: CreditsModel, input: ViewInput): boolean {
  return hasRest(credits) && (runsOut(credits) ?? includedRunsOut(credits, input)) !== undefined;
}

/** The included credits, where they are gone before the budget, and requests stop then. */
function includedRunsOut(credits: CreditsModel, input: ViewInput): RunsOut | undefined {
  const { canPay } = input.snapshot.account.value ?? {};
  if (credits.balance.measuredAgainst !== 'budget' || canPay === true) return undefined;
  const included = includedCreditsModel(input);
  const earlier = included && hasRest(included) ? runsOut(included) : undefined;
  const own = runsOut(credits)?.likely ?? Number.POSITIVE_INFINITY;
  return earlier && earlier.likely < own ? earlier : undefined;
}

/** `Thursday`, `17:00` within a day, `Thu, Dec 18` from six days on. */
export function runOutText(at: number, input: ViewInput): string {
  const ahead = at - input.serverNow;
  // a time of day is the reader's; a day is UTC, as the reset that it comes before
  if (ahead < dayMs) return clockText(at, { ...input, now: input.serverNow });
  const { locale } = input;
  return ahead < weekdaysMs ? weekdayText(at, locale) : dayText(at, { locale, timeZone: 'UTC' });
}

/** Sentences for a tooltip: when it runs out, what the month will come to, what lapses, and today. Plain text. */
export function forecastSentences(credits: CreditsModel, input: ViewInput): string[] {
  const { forecast, balance } = credits;
  const { locale } = input;
  if (!forecast) return [];
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, locale);
  const { unusedNanoUsd = 0, todayNanoUsd, fairTodayNanoUsd } = forecast;
  const lapses = balance.measuredAgainst === 'included' && unusedNanoUsd > 0;
  const isOut = balance.state === 'used-up';
  return [
    ...(hasRest(credits) ? [runOutSentence(credits, input)] : []),
    monthSentence(credits, input),
    ...(lapses && credits.wholeNanoUsd !== undefined
      ? [
          l10n.t(
            '{0} of {1} will lapse on {2}.',
            usd(unusedNanoUsd),
            usd(credits.wholeNanoUsd),
            utcDayText(balance.resetsAt, locale),
          ),
        ]
      : []),
    ...(todayNanoUsd !== undefined && fairTodayNanoUsd !== undefined && !isOut
      ? [l10n.t('Today in UTC {0}, a fair day is {1}.', usd(todayNanoUsd), usd(fairTodayNanoUsd))]
      : []),
  ];
}

/** `about $3.40 by Dec 1`; empty: not known. */
export function monthTotalText(
  { forecast, balance }: CreditsModel,
  usd: (nanoUsd: number, locale: string) => string,
  locale: string,
): string {
  if (!forecast) return '';
  const total = usd(forecast.monthNanoUsd.likely, locale);
  return l10n.t('about {0} by {1}', total, utcDayText(balance.resetsAt, locale));
}

/** `November will come to about $3.40 ($2.90 to $4.10).` */
function monthSentence({ forecast, asOf }: CreditsModel, { locale, now, serverNow }: ViewInput): string {
  const { likely = 0, low, high } = forecast?.monthNanoUsd ?? {};
  const month = monthText(asOf + serverNow - now, locale);
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, locale);
  const isOneAmount = low === undefined || high === undefined || usd(low) === usd(high);
  return isOneAmount
    ? l10n.t('{0} will come to about {1}.', month, usd(likely))
    : l10n.t('{0} will come to about {1} ({2} to {3}).', month, usd(likely), usd(low), usd(high));
}

function runOutSentence(credits: CreditsModel, input: ViewInput): string {
  const reset = utcDayText(credits.balance.resetsAt, input.locale);
  const { likely, low, high } = runsOut(credits) ?? {};
  if (likely === undefined) return l10n.t('At this pace it lasts until {0}.', reset);
  const text = (at: number) => runOutText(at, input);
  if (low === undefined || low === high) return l10n.t('At this pace it is gone about {0}.', text(likely));
  return high === undefined
    ? l10n.t(
        'At this pace it is gone about {0}: {1} at the earliest, and it may also last until {2}.',
        text(likely),
        text(low),
        reset,
      )
    : l10n.t('At this pace it is gone about {0}, between {1} and {2}.', text(likely), text(low), text(high));
}

type RunsOut = Partial<Range> & Pick<Range, 'likely'>;

function runsOut({ forecast }: CreditsModel): RunsOut | undefined {
  return forecast?.runsOutAt;
}

function hasRest({ forecast, balance }: CreditsModel): boolean {
  return forecast !== undefined && (balance.state === 'ok' || balance.state === 'low');
}

import type { StatusJson } from '../json/statusJson.ts';
import type { ProviderWindowJson, RateWindowJson } from '../json/windowsJson.ts';
import { age, dash, number, resets } from './cellText.ts';
import type { Row, Section } from './section.ts';

/** Below this part of its limit, a window is marked. */
const lowFraction = 0.1;
/** A provider's window shows its age from here on. */
const oldMs = 60_000;

/** Hugging Face's windows. */
export function windowSection({ rateWindows }: StatusJson, now: number): Section {
  return {
    heading: 'Rate limits',
    columns: ['shrinks', 'right', 'left'],
    rows: rateWindows?.map(window => windowRow(window, now)) ?? [{ cells: [dash] }],
  };
}

/** Providers' windows, as gateways learned them: one section for each key and model. */
export function providerSections({ providerWindows }: StatusJson, now: number): Section[] {
  return [...Map.groupBy(providerWindows, providerHeading)].map(([heading, windows]) => ({
    heading,
    columns: ['shrinks', 'right', 'left', 'left'],
    rows: windows.map(window => providerRow(window, now)),
  }));
}

function windowRow({ bucket, used, remaining, limit, resetsAt }: RateWindowJson, now: number): Row {
  const left = remaining ?? (used !== null && limit !== null ? Math.max(0, limit - used) : null);
  return { cells: [bucket, leftOf(left, limit), resets(resetsAt, now)], mark: markOf(left, limit) };
}

function providerHeading({ provider, model, shared }: ProviderWindowJson): string {
  const what = model === null ? '' : ` for ${model}`;
  if (shared) return `Limits of Hugging Face's account at ${provider}${what}, shared by all its users`;
  return `Limits of your ${provider} key${what}`;
}

function providerRow(window: ProviderWindowJson, now: number): Row {
  const { shared, remaining, limit, resetsAt, asOf } = window;
  const isOld = asOf !== null && now - Date.parse(asOf) >= oldMs;
  return {
    cells: [
      window.window,
      leftOf(remaining, limit),
      resets(resetsAt, now),
      isOld ? `reported ${age(asOf, now)}` : '',
    ],
    mark: shared ? undefined : markOf(remaining, limit),
  };
}

function leftOf(left: number | null, limit: number | null): string {
  return `${number(left)} left of ${number(limit)}`;
}

function markOf(left: number | null, limit: number | null): Row['mark'] {
  if (left === 0) return 'error';
  const isLow = left !== null && limit !== null && left <= limit * lowFraction;
  return isLow ? 'warning' : undefined;
}

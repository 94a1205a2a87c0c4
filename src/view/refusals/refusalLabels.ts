import * as l10n from '@vscode/l10n';
import type { RefusalCause, RefusalSource } from '../../limits/refusals/refusal.ts';
import { oneLine } from '../text/plainText.ts';

/** In the order in which they are offered. */
export const refusalSources: readonly RefusalSource[] = [
  'gateway',
  'terminal',
  'debug-console',
  'notebook',
  'host',
  'headroom',
];
export const refusalCauses: readonly RefusalCause[] = [
  'rate',
  'tokens',
  'concurrency',
  'credits',
  'unsettled',
  'spending-limit',
  'quota',
  'capacity',
  'unknown',
];

/** Where a refusal was seen. */
export function sourceLabel(source: RefusalSource): string {
  switch (source) {
    case 'headroom':
      return l10n.t('Headroom');
    case 'gateway':
      return l10n.t('gateway');
    case 'host':
      return l10n.t('another extension');
    case 'terminal':
      return l10n.t('terminal');
    case 'debug-console':
      return l10n.t('debug console');
    case 'notebook':
      return l10n.t('notebook');
  }
}

const sourceIcons: Readonly<Record<RefusalSource, string>> = {
  headroom: 'dashboard',
  gateway: 'server-process',
  host: 'extensions',
  terminal: 'terminal',
  'debug-console': 'debug-console',
  notebook: 'notebook',
};

/** A codicon. */
export function sourceIcon(source: RefusalSource): string {
  return sourceIcons[source];
}

export function causeLabel(cause: RefusalCause): string {
  switch (cause) {
    case 'rate':
      return l10n.t('too many requests');
    case 'tokens':
      return l10n.t('too many tokens');
    case 'concurrency':
      return l10n.t('too many at once');
    case 'credits':
      return l10n.t('credits used up');
    case 'unsettled':
      return l10n.t('credits held by open requests');
    case 'spending-limit':
      return l10n.t('spending limit');
    case 'quota':
      return l10n.t('quota');
    case 'capacity':
      return l10n.t('overloaded');
    case 'unknown':
      return l10n.t('not known');
  }
}

const script = /(?:^|[\s/\\])([^\s/\\]{1,60}\.(?:py|[cm]?[jt]sx?|sh|rb|go|rs))(?=\s|$)/;

/** What met a refusal, for a row: the script of a command line, else its beginning. */
export function shortProgram(program: string): string {
  return oneLine(script.exec(program)?.[1] ?? program, 40);
}

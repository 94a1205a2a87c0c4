import { redact } from '../../limits/refusals/redact.ts';
import { lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { codeBlock, codeSpan } from '../text/markdownText.ts';
import { oneLine } from '../text/plainText.ts';
import { isoText } from '../text/times.ts';
import { programsOf, type RefusalGroup, sourcesOf } from './refusalGroups.ts';
import { isOfEndpoint } from './refusalLabels.ts';

/** More times are cut. */
const mostTimes = 20;

/**
 * One limit's refusals as Markdown for a support ticket, always in English and UTC: support may not share the editor's
 * language. Redacts secrets once more.
 */
export function refusalReport(group: RefusalGroup): string {
  const { newest, oldest, count, refusals } = group;
  const { cause, by, scope, limit, remaining, windowSeconds, resetsAt, billedTo } = newest;
  const request =
    newest.headers?.['x-request-id'] ??
    refusals.find(({ headers }) => headers?.['x-request-id'])?.headers?.['x-request-id'];
  const rows: [string, string | number | undefined][] = [
    ['Time', isoText(lastOf(newest))],
    ['Count', count === 1 ? undefined : `${count}, since ${isoText(oldest.at)}`],
    ['Status', newest.status],
    ['Request ID', request && code(request)],
    [isOfEndpoint(newest) ? 'Endpoint' : 'Model', newest.model && code(newest.model)],
    ['Billed to', billedTo && code(billedTo)],
    ['Seen in', sourcesOf(group).join(', ')],
    ['Program', programsOf(group).slice(0, 5).map(code).join(', ')],
  ];
  const reading: [string, string | number | undefined][] = [
    ['cause', cause],
    ['by', by],
    ['scope', scope],
    ['limit', limit],
    ['remaining', remaining],
    ['window', windowSeconds === undefined ? undefined : `${windowSeconds} s`],
    ['resets at', resetsAt === undefined ? 'not said' : isoText(resetsAt)],
  ];
  const facts = reading
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${code(String(value))}`);
  const times = refusals.slice(0, mostTimes).map(refusal => isoText(lastOf(refusal)));
  return `${[
    `### HTTP ${newest.status} from ${by === 'huggingface' ? 'Hugging Face' : code(by)}`,
    [
      ...rows.filter(([, value]) => value).map(([name, value]) => `- ${name}: ${value}`),
      `- Headroom’s reading: ${facts.join(', ')}`,
    ].join('\n'),
    'The server’s words:',
    codeBlock([oneLine(redact(newest.message) || '(none seen)', 1_000)], 'text'),
    ...headersOf(newest),
    ...(count === 1 ? [] : [`Times: ${times.join(', ')}${count > times.length ? ', …' : ''}`]),
  ].join('\n\n')}\n`;
}

function headersOf({ headers }: Refusal): string[] {
  const lines = Object.entries(headers ?? {}).map(([name, value]) =>
    oneLine(redact(`${name}: ${value}`), 500),
  );
  return lines.length === 0 ? [] : ['Headers:', codeBlock(lines, 'http')];
}

function code(text: string): string {
  return codeSpan(redact(text));
}

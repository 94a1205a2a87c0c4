import type { Part, Problem, Snapshot } from '../account/snapshot.ts';
import type { ErrorJson } from './json/statusShape.ts';
import { problemMessage } from './problemMessage.ts';

/** What was told this shortly before a failure is of the same run, by another call or the rest of an answer. */
const sameRunMs = 60_000;

/** What could not be read, by the part of the status that it belongs to. */
export function statusErrors(snapshot: Snapshot, problems: ReadonlyMap<string, Problem>): ErrorJson[] {
  const errors: ErrorJson[] = [...problems].flatMap(([call, problem]) => {
    const part = partOf(call, problem);
    return part ? [{ part, message: message(part, problem, snapshot) }] : [];
  });
  if (snapshot.ledgerProblem !== undefined) errors.push({ part: 'ledger', message: snapshot.ledgerProblem });
  return errors.sort((a, b) => rank(a) - rank(b) || a.part.localeCompare(b.part, 'en'));
}

const order = ['account', 'credits', 'jobs', 'zeroGpu', 'rateWindows', 'endpoints', 'hardwareQuotas'];

/** As the parts follow each other in the status; ours come last. */
function rank({ part }: ErrorJson): number {
  const place = order.indexOf(part.split('/', 1).join(''));
  return place < 0 ? order.length : place;
}

function partOf(call: string, { field }: Problem): string | undefined {
  const slash = call.indexOf('/');
  const namespace = slash < 0 ? '' : call.slice(slash);
  switch (slash < 0 ? call : call.slice(0, slash)) {
    case 'whoami':
      return 'account';
    case 'usage':
      return 'credits';
    case 'live':
      return livePart(field);
    case 'zero-gpu':
      return 'zeroGpu';
    case 'jobs':
      return 'jobs';
    case 'endpoints':
      return `endpoints${namespace}`;
    case 'hardware':
      return `hardwareQuotas${namespace}`;
    default:
      // An organization's own credits, which are no part of the status.
      return undefined;
  }
}

/** The stream tells of several parts; only when a field is to blame it is another one than its gauges. */
function livePart(field = ''): string {
  const parts: Readonly<Record<string, string>> = { inference: 'credits', zeroGpu: 'zeroGpu', jobs: 'jobs' };
  return parts[field.split('.', 1).join('')] ?? 'rateWindows';
}

function message(part: string, problem: Problem, snapshot: Snapshot): string {
  const { value, asOf } = shown(part, snapshot);
  const old = value !== undefined && asOf !== undefined && problem.at - asOf > sameRunMs;
  return `${problemMessage(problem)}${old ? ` Shown is the answer of ${new Date(asOf).toISOString()}.` : ''}`;
}

function shown(part: string, snapshot: Snapshot): Part<unknown> {
  const [kind, ...namespace] = part.split('/');
  const of = namespace.join('/');
  switch (kind) {
    case 'account':
      return snapshot.account;
    case 'credits':
      return snapshot.credits;
    case 'jobs':
      return snapshot.jobs;
    case 'zeroGpu':
      return snapshot.zeroGpu;
    case 'rateWindows':
      return snapshot.gauges;
    case 'endpoints':
      return snapshot.endpoints[of] ?? {};
    case 'hardwareQuotas':
      return snapshot.hardware[of] ?? {};
    default:
      return {};
  }
}

import type { Part, Problem, Snapshot } from '../../account/snapshot.ts';
import { problemMessage } from './problemMessage.ts';
import type { ErrorJson } from './statusShape.ts';

/** A value up to this much older than the failure is of the same run: from another call, or the rest of a response. */
const sameRunMs = 60_000;

/** Failed calls, by the part of the status that lacks their values. */
export function statusErrors(snapshot: Snapshot, problems: ReadonlyMap<string, Problem>): ErrorJson[] {
  const errors: ErrorJson[] = [...problems].flatMap(([call, problem]) => {
    const part = partOf(call, problem);
    return part ? [{ part, message: message(part, problem, snapshot) }] : [];
  });
  if (snapshot.ledgerProblem !== undefined) errors.push({ part: 'ledger', message: snapshot.ledgerProblem });
  return errors.sort((a, b) => rank(a) - rank(b) || a.part.localeCompare(b.part, 'en'));
}

const order = ['account', 'credits', 'jobs', 'zeroGpu', 'rateWindows', 'endpoints', 'hardwareQuotas'];

/** The order of the parts in the status; the ledger comes last. */
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
      // an organization's own credits are not part of the status
      return undefined;
  }
}

/** The stream has the values of several parts: the failing field says which. Without one, its gauges. */
function livePart(field = ''): string {
  const parts: Readonly<Record<string, string>> = { inference: 'credits', zeroGpu: 'zeroGpu', jobs: 'jobs' };
  return parts[field.split('.', 1).join('')] ?? 'rateWindows';
}

function message(part: string, problem: Problem, snapshot: Snapshot): string {
  const { value, asOf } = shown(part, snapshot);
  const old = value !== undefined && asOf !== undefined && problem.at - asOf > sameRunMs;
  return `${problemMessage(problem)}${old ? ` The values shown are from ${new Date(asOf).toISOString()}.` : ''}`;
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

import type { Part, Problem, Snapshot } from '../../account/snapshot.ts';
import { problemMessage } from './problemMessage.ts';
import type { ErrorJson } from './statusShape.ts';

/** A value up to this much older than the failure is of the same run: from another call, or the rest of a response. */
const sameRunMs = 60_000;

/** By part, in the order of the status. */
const values: Readonly<Record<string, (snapshot: Snapshot, namespace: string) => Part<unknown> | undefined>> =
  {
    account: ({ account }) => account,
    credits: ({ credits }) => credits,
    jobs: ({ jobs }) => jobs,
    zeroGpu: ({ zeroGpu }) => zeroGpu,
    rateWindows: ({ gauges }) => gauges,
    endpoints: ({ endpoints }, namespace) => endpoints[namespace],
    hardwareQuotas: ({ hardware }, namespace) => hardware[namespace],
  };
const order = Object.keys(values);

/** Without an organization's own credits, which are not part of the status. */
const partOfCall: ReadonlyMap<string, string> = new Map([
  ['whoami', 'account'],
  ['usage', 'credits'],
  ['jobs', 'jobs'],
  ['zero-gpu', 'zeroGpu'],
  ['live', 'rateWindows'],
  ['endpoints', 'endpoints'],
  ['hardware', 'hardwareQuotas'],
]);
/** Of the live stream, which has values of several parts: the failing field says which. */
const partOfField: ReadonlyMap<string, string> = new Map([
  ['inference', 'credits'],
  ['zeroGpu', 'zeroGpu'],
  ['jobs', 'jobs'],
]);

/** Failed calls, by the part of the status that lacks their values; the ledger's problem comes last. */
export function statusErrors(snapshot: Snapshot, problems: ReadonlyMap<string, Problem>): ErrorJson[] {
  const errors: ErrorJson[] = [...problems].flatMap(([call, problem]) => {
    const [name, namespace] = cut(call, '/');
    const [field] = cut(problem.field ?? '', '.');
    const part = (name === 'live' && partOfField.get(field)) || partOfCall.get(name);
    if (!part) return [];
    const message = withAge(problemMessage(problem), problem.at, values[part]?.(snapshot, namespace));
    return [{ part: namespace === '' ? part : `${part}/${namespace}`, message }];
  });
  if (snapshot.ledgerProblem !== undefined) errors.push({ part: 'ledger', message: snapshot.ledgerProblem });
  return errors.sort((a, b) => rank(a) - rank(b) || a.part.localeCompare(b.part, 'en'));
}

function rank({ part }: ErrorJson): number {
  const place = order.indexOf(cut(part, '/')[0]);
  return place < 0 ? order.length : place;
}

function withAge(message: string, failedAt: number, { value, asOf }: Part<unknown> = {}): string {
  if (value === undefined || asOf === undefined || failedAt - asOf <= sameRunMs) return message;
  return `${message} The values shown are from ${new Date(asOf).toISOString()}.`;
}

/** Splits at the first mark. */
function cut(text: string, mark: string): [before: string, behind: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

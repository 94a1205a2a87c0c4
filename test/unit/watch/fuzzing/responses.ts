import type { ResponseFacts } from '../../../../src/limits/refusals/refusal.ts';
import { allCases } from '../../limits/refusals/refusalCases/allCases.ts';
import { limitComplaints } from '../../limits/refusals/refusalCases/limitComplaints.ts';
import { moneyComplaints } from '../../limits/refusals/refusalCases/moneyComplaints.ts';
import { factsOf } from '../../limits/refusals/refusalCases/refusalCase.ts';
import { streamCases } from '../../limits/refusals/refusalCases/streamCases.ts';
import { mutated, noise } from './mutations.ts';
import type { Random } from './random.ts';

const known = [...allCases, ...limitComplaints, ...moneyComplaints].map(({ seen }) => factsOf(seen));
const bodies = [...known.map(({ bodyText = '' }) => bodyText), ...streamCases.map(({ event }) => event)];
const statuses = [...new Set(known.map(({ status }) => status)), 200, 429, 402, 500, 0, 999];
const bags = known.map(({ headers }) => Object.entries(headers as Record<string, string>));
const headers = [...new Map(bags.flat())];
const values = headers.map(([, value]) => value);
const urls = [...new Set(known.map(({ url }) => url)), 'http://127.0.0.1:5001/api/models', ''];

/** A real refusal with one change. */
export function randomResponse(random: Random): ResponseFacts {
  const facts = random.of(known);
  const bag: Record<string, string> = Object.fromEntries(random.of(bags));
  for (let more = random.below(4); more > 0; more--) {
    const [name, value] = random.of(headers);
    bag[random.once(10) ? name.toUpperCase() : name] = random.once(2)
      ? mutated(value, random, values)
      : value;
  }
  return {
    ...facts,
    status: random.once(4) ? random.of(statuses) : facts.status,
    headers: bag,
    bodyText: randomBody(random, facts.bodyText),
    url: random.once(4) ? mutated(random.of(urls), random, urls) : facts.url,
  };
}

export function randomBody(random: Random, body = random.of(bodies)): string {
  return random.once(20) ? noise(random, random.below(600)) : mutated(body, random, bodies);
}

import { classifyRefusal } from '../../src/limits/refusals/refusal.ts';
import { allCases } from '../unit/limits/refusals/refusalCases/allCases.ts';
import { factsOf } from '../unit/limits/refusals/refusalCases/refusalCase.ts';

/**
 * Classified responses in a second of one core, over all known forms, beside `JSON.parse` of the same bodies. Their
 * words repeat, as servers' do: the redactor knows harmless ones again.
 * The best of several rounds by CPU time, since the machine has other work, too. Run: node
 * test/bench/classifier.ts (Node 24).
 */
const limitPerSecond = 200_000;
const rounds = 100;
/** Other work on the same core may last a while, and halves the figure. */
const mostRounds = 600;
const passes = 100;

const responses = allCases.filter(({ expected }) => expected).map(({ seen }) => factsOf(seen));
const bodies = responses.map(({ bodyText = '' }) => bodyText);

const classify = () => {
  for (const response of responses) classifyRefusal(response);
};
const parse = () => {
  for (const body of bodies) {
    // other texts would cost an exception, not a parse
    if (body.startsWith('{')) JSON.parse(body);
  }
};

const classified = perSecond(classify, rounds);
const parsed = perSecond(parse, rounds);
console.log(
  `classifier ${Math.round(classified / 1000)}k refusals/s (limit ${limitPerSecond / 1000}k, ${responses.length} forms), JSON.parse alone ${Math.round(parsed / 1000)}k/s: ${(parsed / classified).toFixed(1)} times its time`,
);
if (!(classified >= limitPerSecond)) process.exitCode = 1;

function perSecond(work: () => void, rounds: number): number {
  const enough = (responses.length * passes * 1e6) / limitPerSecond;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds || (least > enough && round < mostRounds); round++) {
    const start = process.cpuUsage();
    for (let pass = 0; pass < passes; pass++) work();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, user + system);
  }
  return (responses.length * passes * 1e6) / least;
}

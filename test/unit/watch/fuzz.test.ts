import { fuzz } from './fuzzing/fuzz.ts';

const inputs = 20_000;

describe('whatever comes from outside', () => {
  // a slice of the million that test/bench/fuzz.ts reads
  it(`is read without throwing, and in a blink: ${inputs} random and mutated inputs`, () => {
    for (let number = 0; number < inputs; number++) fuzz(number);
  }).timeout(120_000);
});

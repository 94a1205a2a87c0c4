import { fuzz } from './fuzzing/fuzz.ts';

const inputs = 20_000;

describe('outside input', () => {
  // a part of the million inputs of test/bench/fuzz.ts
  it(`is read without a throw, within 20 ms: ${inputs} random and mutated inputs`, () => {
    for (let number = 0; number < inputs; number++) fuzz(number);
  }).timeout(120_000);
});

import type { RefusalRule } from './refusalRule.ts';

/** Characters of a needle that are looked for. */
const width = 3;
/** Of a letter in ASCII, which tell it from all others. */
const letterBits = 5;
const entries = 1 << (width * letterBits);
/** One more is for the rules without needles. */
const mostRules = 30;

/**
 * Tells in one pass over an answer's words which rules may recognise it: those of which a needle begins there, by its
 * first three characters. To look for each needle by itself would take most of the classifier's time.
 */
export class RuleFilter {
  private readonly bits = new Map<RefusalRule, number>();
  /** By three characters, the number of their place in `found`; 0: no needle begins so. */
  private readonly places = new Uint8Array(entries);
  private readonly found: number[] = [0];

  /** @throws when a needle is shorter than that, or the rules with needles are too many. */
  constructor(rules: readonly RefusalRule[]) {
    for (const rule of rules) {
      if (!rule.needles) continue;
      if (this.bits.size === mostRules) throw new Error(`More than ${mostRules} rules have needles`);
      const bit = 1 << this.bits.size;
      this.bits.set(rule, bit);
      for (const needle of rule.needles) this.add(needle, bit);
    }
  }

  /** The rule is to be asked when one of these is among `bitsIn` an answer's words. */
  bitsOf(rule: RefusalRule): number {
    return this.bits.get(rule) ?? always;
  }

  bitsIn(words: string): number {
    const { places, found } = this;
    let bits = always;
    let entry = 0;
    for (let index = 0; index < words.length; index++) {
      entry = withNext(entry, words.charCodeAt(index));
      const place = places[entry] as number;
      if (place !== 0) bits |= found[place] as number;
    }
    return bits;
  }

  private add(needle: string, bit: number): void {
    if (needle.length < width) throw new Error(`Too short to look for: ${needle}`);
    let entry = 0;
    for (let index = 0; index < width; index++) entry = withNext(entry, needle.charCodeAt(index));
    const place = this.places[entry] || this.found.push(0) - 1;
    this.places[entry] = place;
    this.found[place] = (this.found[place] as number) | bit;
  }
}

const always = 1 << mostRules;

/** The last three characters are all that is left of a text in it. */
function withNext(entry: number, code: number): number {
  return ((entry << letterBits) ^ code) & (entries - 1);
}

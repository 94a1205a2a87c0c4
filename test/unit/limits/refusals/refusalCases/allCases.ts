import { hubCases } from './hubCases.ts';
import { moneyCases } from './moneyCases.ts';
import { noRefusalCases } from './noRefusalCases.ts';
import { otherProviderCases } from './otherProviderCases.ts';
import { providerCases } from './providerCases.ts';
import type { RefusalCase } from './refusalCase.ts';

/** The whole table: every form of refusal that is known, and what is none. */
export const allCases: readonly RefusalCase[] = [
  ...hubCases,
  ...moneyCases,
  ...providerCases,
  ...otherProviderCases,
  ...noRefusalCases,
];

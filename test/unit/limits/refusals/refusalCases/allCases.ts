import { hubCases } from './hubCases.ts';
import { moneyCases } from './moneyCases.ts';
import { noRefusalCases } from './noRefusalCases.ts';
import { otherProviderCases } from './otherProviderCases.ts';
import { providerCases } from './providerCases.ts';
import { quotaCases } from './quotaCases.ts';
import type { RefusalCase } from './refusalCase.ts';

/** All known forms of refusals, and responses that are none. */
export const allCases: readonly RefusalCase[] = [
  ...hubCases,
  ...moneyCases,
  ...quotaCases,
  ...providerCases,
  ...otherProviderCases,
  ...noRefusalCases,
];

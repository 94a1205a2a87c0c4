/** Payers under which sums beyond the bounds are added up. */
export const otherPayer = 'other';
export const callerPayer = 'own-token';

/** A payer that a request with its caller's own token names, and so can vary. */
export function isCallerPayer(billedTo: string): boolean {
  return billedTo.startsWith(`${callerPayer}+`);
}

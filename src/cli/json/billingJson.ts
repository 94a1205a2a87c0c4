import type { Payer } from '../../billing/profile.ts';
import { iso } from './iso.ts';

export function billingJson({ chosen, standIn }: Payer) {
  return { profile: chosen, standIn: standIn ? { ...standIn, since: iso(standIn.since) } : null };
}

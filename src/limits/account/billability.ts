import type { Organization } from './account.ts';

export type NotBillable = 'locked-out' | 'free-plan' | 'no-payment-method' | 'no-write-role';

/**
 * Whether `X-HF-Bill-To` may name an organization: on a paid plan, with a payment method, by a member with
 * write access. `canBill` is undefined without a role. Sources: HF's pricing page, and autotrain-advanced's
 * rule `canPay && role in (admin, write)`.
 */
export function billability(organization: Organization): { canBill?: boolean; reason?: NotBillable } {
  const { plan, role, canPay, securityRestrictions } = organization;
  if (securityRestrictions.length > 0) return { canBill: false, reason: 'locked-out' };
  if (plan === 'free') return { canBill: false, reason: 'free-plan' };
  if (canPay === false) return { canBill: false, reason: 'no-payment-method' };
  if (role === undefined || plan === 'unknown') return {};
  if (role !== 'admin' && role !== 'write') return { canBill: false, reason: 'no-write-role' };
  return { canBill: true };
}

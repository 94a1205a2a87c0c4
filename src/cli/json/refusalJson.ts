import { countOf, lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { iso } from './iso.ts';

export type RefusalJson = ReturnType<typeof refusalJson>;

export function refusalJson(refusal: Refusal) {
  const { status, cause, by, scope = null, billedTo = null, model = null, source, message } = refusal;
  const at = new Date(refusal.at).toISOString();
  const resetsAt = iso(refusal.resetsAt);
  const count = countOf(refusal);
  const lastAt = new Date(lastOf(refusal)).toISOString();
  return { at, lastAt, count, status, cause, by, scope, resetsAt, billedTo, model, source, message };
}

import type { Refusal } from '../../limits/refusals/refusal.ts';
import { iso } from './iso.ts';

export type RefusalJson = ReturnType<typeof refusalJson>;

export function refusalJson(refusal: Refusal) {
  return {
    at: new Date(refusal.at).toISOString(),
    status: refusal.status,
    cause: refusal.cause,
    by: refusal.by,
    scope: refusal.scope ?? null,
    resetsAt: iso(refusal.resetsAt),
    billedTo: refusal.billedTo ?? null,
    model: refusal.model ?? null,
    source: refusal.source,
    message: refusal.message,
  };
}

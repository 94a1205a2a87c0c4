import type { Plan } from './plans.ts';

/** The user or organization that a token belongs to, from `GET /api/whoami-v2`. */
export interface Account {
  readonly id?: string;
  readonly name: string;
  readonly type: 'user' | 'org' | 'app';
  readonly plan: Plan;
  /** False: only included and prepaid credits can be spent. Undefined: HF does not tell this token. */
  readonly canPay?: boolean;
  readonly organizations: readonly Organization[];
  readonly token: TokenInfo;
}

/** An organization that the token can see. */
export interface Organization {
  readonly id?: string;
  readonly name: string;
  readonly plan: Plan;
  readonly role?: OrganizationRole;
  readonly canPay?: boolean;
  /** Why the organization locks the token out now: `ip`, `token-policy`, `mfa`, `sso`. */
  readonly securityRestrictions: readonly string[];
  readonly resourceGroups: readonly { readonly id: string; readonly name: string; readonly role?: string }[];
}

export type OrganizationRole = 'admin' | 'write' | 'contributor' | 'read' | 'no_access';

/** HF's facts about the token, never the token itself. */
export interface TokenInfo {
  /** `other`: OAuth, and kinds that HF adds later. */
  readonly role: 'read' | 'write' | 'fineGrained' | 'other';
  /** Of a fine-grained token, `global` and `scoped` ones. */
  readonly permissions: readonly TokenPermission[];
}

export interface TokenPermission {
  readonly name: string;
  /** The entity of a scoped permission; undefined for a global one. */
  readonly entity?: { readonly type: string; readonly id?: string; readonly name?: string };
}

import type { Plan } from './plans.ts';

/** The user or organization that a token belongs to, as `GET /api/whoami-v2` tells it. */
export interface Account {
  readonly id?: string;
  readonly name: string;
  readonly type: 'user' | 'org' | 'app';
  readonly plan: Plan;
  /** False: nothing beyond included or prepaid credits can be spent. Undefined: the token may not know. */
  readonly canPay?: boolean;
  readonly billingMode?: 'prepaid' | 'postpaid';
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
  /** Why the token is locked out of this organization at present: `ip`, `token-policy`, `mfa`, `sso`. */
  readonly securityRestrictions: readonly string[];
  readonly resourceGroups: readonly { readonly id: string; readonly name: string; readonly role?: string }[];
}

export type OrganizationRole = 'admin' | 'write' | 'contributor' | 'read' | 'no_access';

/** What HF says of the token itself: never the token. */
export interface TokenInfo {
  readonly displayName?: string;
  /** `other`: OAuth and kinds that HF may add. */
  readonly role: 'read' | 'write' | 'fineGrained' | 'other';
  /** Permissions of a fine-grained token, `global` and `scoped` ones, each with what it applies to. */
  readonly permissions: readonly TokenPermission[];
  /** Epoch ms. */
  readonly expiresAt?: number;
}

export interface TokenPermission {
  readonly name: string;
  /** The entity that a scoped permission is bound to; undefined for a global one. */
  readonly entity?: { readonly type: string; readonly id?: string; readonly name?: string };
}

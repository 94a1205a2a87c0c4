/** `credits`, `spending-limit`: the payer was refused for it. `returned`: the chosen one pays again. */
export type SwitchReason = 'chosen' | 'credits' | 'spending-limit' | 'returned';

/** Another one pays from here on. `from` and `to` are the text forms of billing profiles. */
export interface BillingSwitch {
  /** Epoch ms. */
  readonly at: number;
  /** The id of the workspace that it applies to; undefined: the user's default. */
  readonly workspace?: string;
  readonly from: string;
  readonly to: string;
  readonly reason: SwitchReason;
}

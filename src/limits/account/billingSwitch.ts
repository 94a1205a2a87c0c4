/** `credits`, `spending-limit`: HF refused the payer before. `returned`: the chosen payer pays again. */
export const switchReasons = ['chosen', 'credits', 'spending-limit', 'returned'] as const;
export type SwitchReason = (typeof switchReasons)[number];

/** A change of the payer. `from` and `to` are billing profiles in text form. */
export interface BillingSwitch {
  /** Epoch ms. */
  readonly at: number;
  /** Id of the workspace; undefined: the user's default. */
  readonly workspace?: string;
  readonly from: string;
  readonly to: string;
  readonly reason: SwitchReason;
}

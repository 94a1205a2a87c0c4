/** Tiers that HF publishes, https://huggingface.co/docs/hub/rate-limits and /pricing, as of August 2026. */
export type Plan =
  | 'anonymous'
  | 'free'
  | 'pro'
  | 'team'
  | 'academia'
  | 'enterprise'
  | 'enterprise-plus'
  | 'unknown';

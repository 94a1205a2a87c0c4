/** Hugging Face's pages, from https://huggingface.co/docs/hub/billing and /rate-limits. */
export const pages = {
  billing: 'https://huggingface.co/settings/billing',
  inferenceProviders: 'https://huggingface.co/settings/inference-providers',
  spend: 'https://huggingface.co/settings/inference-providers/overview',
  jobs: 'https://huggingface.co/settings/jobs',
  tokens: 'https://huggingface.co/settings/tokens',
  rateLimits: 'https://huggingface.co/docs/hub/rate-limits',
  inferencePricing: 'https://huggingface.co/docs/inference-providers/pricing',
  hubBilling: 'https://huggingface.co/docs/hub/billing',
  storageLimits: 'https://huggingface.co/docs/hub/storage-limits',
  zeroGpu: 'https://huggingface.co/docs/hub/spaces-zerogpu',
  endpoints: 'https://endpoints.huggingface.co',
  resourceGroups: 'https://huggingface.co/docs/hub/security-resource-groups',
  spaceHardware: 'https://huggingface.co/docs/hub/spaces-gpus',
  subscribePro: 'https://huggingface.co/subscribe/pro',
  quotaRequest: 'https://endpoints.huggingface.co/contact',
  pricing: 'https://huggingface.co/pricing',
  status: 'https://status.huggingface.co',
} as const;

/** For grants of storage, from https://huggingface.co/docs/hub/storage-limits. */
export const storageMails = { datasets: 'datasets@huggingface.co', models: 'models@huggingface.co' } as const;

export function organizationBillingPage(name: string): string {
  return `https://huggingface.co/organizations/${segment(name)}/settings/billing`;
}

export function endpointPage(namespace: string, name: string): string {
  return `${pages.endpoints}/${segment(namespace)}/endpoints/${segment(name)}`;
}

function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/** Whether a link leads to huggingface.co or one of its subdomains. */
export function isPageOfHuggingFace(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, port } = new URL(url);
  return (
    protocol === 'https:' && /^([a-z]+\.)?huggingface\.co$/.test(hostname) && username === '' && port === ''
  );
}

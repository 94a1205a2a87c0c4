import { neededPermissions } from '../limits/account/tokenPermissions.ts';
import type { Servers } from './servers.ts';

/** HF's page for a new fine-grained token, with what Headroom needs pre-selected and nothing more. */
export function newTokenUrl(servers: Pick<Servers, 'hubUrl'>): string {
  const url = new URL(`${servers.hubUrl}/settings/tokens/new`);
  for (const { permission } of neededPermissions) url.searchParams.append('ownUserPermissions', permission);
  url.searchParams.set('tokenType', 'fineGrained');
  return url.href;
}

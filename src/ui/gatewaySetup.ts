import { type SecretStore, secretKeyring } from '../billing/keyring.ts';
import { type BillingProfile, parseProfile } from '../billing/profile.ts';
import { parseProviderUrls } from '../billing/providerUrls.ts';
import { sessionIdOf } from '../gateway/sessionId.ts';
import { chosenProxy } from '../hub/proxy.ts';
import { parseServers } from '../hub/servers.ts';
import type { Core } from './core.ts';
import type { GatewaySetup } from './gatewayProcess.ts';
import { gatewaySettings, userProxy, userServers } from './settings.ts';

/**
 * What the gateway has to know now. Keys are asked for once, and again after `forgetKeys`: a keyring is another
 * process. It gets only those that may pay.
 */
export class GatewaySetups {
  private readonly keyring;
  private keys = new Map<string, Promise<string | undefined>>();

  constructor(secrets: SecretStore) {
    this.keyring = secretKeyring(secrets);
  }

  forgetKeys(): void {
    this.keys = new Map();
  }

  /** @throws InvalidServerUrl, InvalidProviderUrl */
  async setup({ service, payers, ledger }: Core): Promise<GatewaySetup> {
    payers.look();
    const { payer, workspace } = payers;
    const { longestWaitMs, failover: texts, providerUrls } = gatewaySettings();
    const failover = profilesIn(texts);
    const { proxy, strictSSL } = userProxy();
    return {
      config: {
        token: service.session?.token,
        keys: await this.keysOf([
          payer.chosen,
          ...(payer.standIn ? [payer.standIn.profile] : []),
          ...failover,
        ]),
        servers: parseServers(userServers()),
        providerUrls: parseProviderUrls(providerUrls),
        profile: payer.chosen,
        standIn: payer.standIn,
        failover,
        sessionId: sessionIdOf(ledger, workspace),
        longestWaitMs,
        workspace,
      },
      network: { proxy: chosenProxy(proxy, process.env), strictSSL },
    };
  }

  private async keysOf(profiles: readonly BillingProfile[]): Promise<Record<string, string>> {
    const needed = profiles.flatMap(profile => (profile.kind === 'provider-key' ? [profile.provider] : []));
    const found = await Promise.all([...new Set(needed)].map(async id => [id, await this.key(id)] as const));
    return Object.fromEntries(found.flatMap(([id, key]) => (key === undefined ? [] : [[id, key]])));
  }

  private key(provider: string): Promise<string | undefined> {
    const known = this.keys.get(provider);
    if (known !== undefined) return known;
    const { keys } = this;
    const asked = this.keyring.get(provider);
    keys.set(provider, asked);
    asked.catch(() => keys.delete(provider));
    return asked;
  }
}

/** A text that is no profile stands for nobody. */
function profilesIn(texts: unknown): BillingProfile[] {
  if (!Array.isArray(texts)) return [];
  return texts.flatMap(text => (typeof text === 'string' && parseProfile(text)) || []);
}

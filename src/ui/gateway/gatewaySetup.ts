import * as l10n from '@vscode/l10n';
import { type SecretStore, secretKeyring } from '../../billing/keyring.ts';
import { type BillingProfile, parseProfile } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import type { GatewayConfig } from '../../gateway/options.ts';
import { sessionIdOf } from '../../gateway/sessionId.ts';
import { chosenProxy, type ProxySettings } from '../../hub/proxy.ts';
import { parseServers, type Servers } from '../../hub/servers.ts';
import { settingsPrefix } from '../../view/contributions.ts';
import { PayingKeyReader } from '../billing/payingKeys.ts';
import { usableProviderUrls } from '../billing/usableProviderUrls.ts';
import type { Core } from '../core/core.ts';
import type { GatewaySetup } from './gatewayChild.ts';

/** The settings that concern the gateway, as they are. */
export interface GatewaySettings {
  readonly longestWaitMs: number;
  readonly pacing: GatewayConfig['pacing'];
  readonly failover: unknown;
  readonly providerUrls: unknown;
  readonly servers: Partial<Record<keyof Servers, string>>;
  readonly proxy: ProxySettings;
  readonly strictSSL: boolean;
}

export interface GatewaySetupsOptions {
  readonly secrets: SecretStore;
  readonly settings: () => GatewaySettings;
  /** A full sentence about what could not be used, once until it can be. */
  readonly tell: (problem: string) => void;
  /** A key can be read now that could not be. */
  readonly onLateKey: () => void;
  /** Default 3 s. */
  readonly keyTimeoutMs?: number;
}

/**
 * What the gateway has to know now. It gets only those keys that may pay. What can't be used is left out, and told of:
 * a typing error must not keep the gateway with the payer of before.
 */
export class GatewaySetups {
  readonly #options: GatewaySetupsOptions;
  readonly #keys: PayingKeyReader;
  #told: readonly string[] = [];

  constructor(options: GatewaySetupsOptions) {
    this.#options = options;
    this.#keys = new PayingKeyReader(secretKeyring(options.secrets), options.onLateKey, options.keyTimeoutMs);
  }

  forgetKeys(): void {
    this.#keys.forget();
  }

  /** Rejects when it is not known who pays, or where requests are to go. */
  async setup({
    service,
    payers,
    ledger,
  }: Pick<Core, 'service' | 'payers' | 'ledger'>): Promise<GatewaySetup> {
    payers.look();
    const { payer, workspace } = payers;
    const settings = this.#options.settings();
    const failover = profilesIn(settings.failover);
    const { urls, problems } = usableProviderUrls(settings.providerUrls);
    const standIn = payer.standIn ? [payer.standIn.profile] : [];
    const { keys, unreadable } = await this.#keys.read([payer.chosen, ...standIn, ...failover]);
    this.#tellNew([
      ...problems.map(({ message }) =>
        l10n.t(
          'The setting {0}. A key that would go there is not used until that is put right.',
          `${settingsPrefix}.${message}`,
        ),
      ),
      ...unreadable.map(provider =>
        l10n.t(
          'The key of {0} can’t be read from the editor’s secret storage. It is not used until it can.',
          providerName(provider),
        ),
      ),
    ]);
    // a key must not go to the provider when its owner meant it to go elsewhere
    const distrusted = new Set(problems.map(({ provider }) => provider));
    const trusted = Object.entries(keys).filter(
      ([provider]) => !distrusted.has(undefined) && !distrusted.has(provider),
    );
    return {
      config: {
        token: service.session?.token,
        keys: Object.fromEntries(trusted),
        servers: parseServers(settings.servers),
        providerUrls: urls,
        profile: payer.chosen,
        standIn: payer.standIn,
        failover,
        sessionId: sessionIdOf(ledger, workspace),
        longestWaitMs: settings.longestWaitMs,
        pacing: settings.pacing,
        workspace,
      },
      network: { proxy: chosenProxy(settings.proxy, process.env), strictSSL: settings.strictSSL },
    };
  }

  #tellNew(problems: readonly string[]): void {
    const before = this.#told;
    this.#told = problems;
    for (const problem of problems) if (!before.includes(problem)) this.#options.tell(problem);
  }
}

/** A text that is no profile stands for nobody. */
function profilesIn(texts: unknown): BillingProfile[] {
  if (!Array.isArray(texts)) return [];
  return texts.flatMap(text => (typeof text === 'string' && parseProfile(text)) || []);
}

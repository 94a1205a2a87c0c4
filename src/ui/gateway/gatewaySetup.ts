import * as l10n from '@vscode/l10n';
import { pausingBudgets } from '../../billing/budget.ts';
import { type SecretStore, secretKeyring } from '../../billing/keyring.ts';
import { type BillingProfile, mayPay, parseProfiles } from '../../billing/profile.ts';
import { providerName } from '../../billing/providers.ts';
import { InvalidProviderUrl, type ProviderUrls, parseProviderUrls } from '../../billing/providerUrls.ts';
import { sessionIdOf } from '../../gateway/sessionId.ts';
import { chosenProxy } from '../../hub/proxy.ts';
import { parseServers } from '../../hub/servers.ts';
import { settingsPrefix } from '../../view/contributions.ts';
import type { GatewaySettings } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';
import type { GatewaySetup } from './gatewayChild.ts';
import { PayingKeyReader } from './payingKeys.ts';

export interface GatewaySetupsOptions {
  readonly secrets: SecretStore;
  readonly settings: () => GatewaySettings;
  /** Gets a full sentence about a setting or key that is left out, once until it is usable again. */
  readonly report: (problem: string) => void;
  /** A key has become readable. */
  readonly onLateKey: () => void;
  /** Default 3 s. */
  readonly keyTimeoutMs?: number;
}

/**
 * Composes the gateway's setup from payer, keys and settings. It holds only the keys of profiles that may
 * pay. Unusable settings and keys are left out and reported: a typing error must not keep the old payer.
 */
export class GatewaySetups {
  readonly #options: GatewaySetupsOptions;
  readonly #keys: PayingKeyReader;
  #reported: readonly string[] = [];

  constructor(options: GatewaySetupsOptions) {
    this.#options = options;
    this.#keys = new PayingKeyReader(secretKeyring(options.secrets), options.onLateKey, options.keyTimeoutMs);
  }

  forgetKeys(): void {
    this.#keys.forget();
  }

  /** Rejects when payer or servers can't be read. */
  async setup({
    service,
    payerWatch,
    ledger,
  }: Pick<Core, 'service' | 'payerWatch' | 'ledger'>): Promise<GatewaySetup> {
    payerWatch.look();
    const { payer, workspace } = payerWatch;
    // before anything is awaited: another account must not pay with this one's choice
    const token = service.session?.token;
    const settings = this.#options.settings();
    const failover = parseProfiles(settings.failover);
    const { urls, problems } = usableProviderUrls(settings.providerUrls);
    const standIn = payer.standIn ? [payer.standIn.profile] : [];
    const { keys, unreadable } = await this.#readKeys([payer.chosen, ...standIn, ...failover]);
    this.#reportNew([
      ...problems.map(({ message }) =>
        l10n.t(
          'The setting {0}. Keys that it concerns are not used until you correct it.',
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
    // an invalid URL must not send the key to the provider's own server
    const distrusted = new Set(problems.map(({ provider }) => provider));
    const trusted = Object.entries(keys).filter(
      ([provider]) => !distrusted.has(undefined) && !distrusted.has(provider),
    );
    return {
      config: {
        token,
        keys: Object.fromEntries(trusted),
        servers: parseServers(settings.servers),
        providerUrls: urls,
        profile: payer.chosen,
        standIn: payer.standIn,
        failover,
        sessionId: sessionIdOf(ledger, workspace),
        longestWaitMs: settings.longestWaitMs,
        pacing: settings.pacing,
        budgets: pausingBudgets(ledger, mayPay(payer, failover), workspace),
        workspace,
      },
      network: { proxy: chosenProxy(settings.proxy, process.env), strictSSL: settings.strictSSL },
    };
  }

  async #readKeys(profiles: readonly BillingProfile[]) {
    const keys: Record<string, string> = {};
    const unreadable: string[] = [];
    const providers = profiles.flatMap(profile =>
      profile.kind === 'provider-key' ? [profile.provider] : [],
    );
    const read = async (provider: string) => {
      try {
        const key = await this.#keys.read(provider);
        if (key !== undefined) keys[provider] = key;
      } catch {
        unreadable.push(provider);
      }
    };
    await Promise.all([...new Set(providers)].map(read));
    return { keys, unreadable };
  }

  #reportNew(problems: readonly string[]): void {
    const before = this.#reported;
    this.#reported = problems;
    for (const problem of problems) if (!before.includes(problem)) this.#options.report(problem);
  }
}

/** The setting's valid entries, each parsed alone: `parseProviderUrls` throws at the first invalid one. */
function usableProviderUrls(configured: unknown): {
  readonly urls: ProviderUrls;
  readonly problems: readonly InvalidProviderUrl[];
} {
  const problems: InvalidProviderUrl[] = [];
  const parse = (value: unknown): ProviderUrls => {
    try {
      return parseProviderUrls(value);
    } catch (error) {
      if (!(error instanceof InvalidProviderUrl)) throw error;
      problems.push(error);
      return {};
    }
  };
  const isObject = typeof configured === 'object' && configured !== null && !Array.isArray(configured);
  const entries = isObject ? Object.entries(configured).map(([id, url]) => ({ [id]: url })) : [configured];
  return { urls: Object.assign({}, ...entries.map(parse)), problems };
}

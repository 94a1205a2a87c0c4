import * as l10n from '@vscode/l10n';
import { publishedWindowLimit } from '../../limits/account/publishedLimits.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { isOfHubWindow } from '../account/blockingLimit.ts';
import { countOrDash, formatCount } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { spanInWords } from '../text/times.ts';

/** The rule behind a refusal, and its page. Plain text. */
export interface Policy {
  readonly text: string;
  readonly url: string;
}

export function policyOf(refusal: Refusal, locale: string): Policy {
  const { cause, by } = refusal;
  if (by !== 'huggingface' && (cause === 'rate' || cause === 'tokens' || cause === 'concurrency')) {
    return ofProvider(by);
  }
  switch (cause) {
    case 'rate':
      return isOfHubWindow(refusal) ? hubWindow(refusal, locale) : ofModel();
    case 'tokens':
    case 'concurrency':
      return ofModel();
    case 'credits':
      return credits(refusal);
    case 'unsettled':
      return {
        text: l10n.t(
          'Each request to Inference Providers holds about $0.01 of the credits until its cost is known. Many at once can hold all that is left.',
        ),
        url: pages.inferencePricing,
      };
    case 'spending-limit':
      if (by === 'headroom') return ownBudget();
      return {
        text: l10n.t(
          'An organization’s admins may limit its monthly spend. Hugging Face refuses requests beyond it, whatever credits are left.',
        ),
        url: pages.hubBilling,
      };
    case 'quota':
      return quota(refusal, locale);
    case 'plan':
      return {
        text: l10n.t(
          'Some features need a paid plan: PRO for an account, Team or Enterprise for an organization.',
        ),
        url: pages.pricing,
      };
    case 'capacity':
      return {
        text: l10n.t(
          'This is no account’s limit: the server has more requests than it can serve. No plan changes that.',
        ),
        url: pages.status,
      };
    case 'unknown':
      return {
        text: l10n.t('No published rule matches these words. Headroom does not guess.'),
        url: pages.rateLimits,
      };
  }
}

function ownBudget(): Policy {
  return {
    text: l10n.t(
      'You set this budget in Headroom. Its gateways count what requests cost, with those in flight, and refuse what would be billed beyond it.',
    ),
    url: pages.inferencePricing,
  };
}

function ofProvider(by: string): Policy {
  return by === 'unknown'
    ? { text: l10n.t('The limit’s owner is not known.'), url: pages.rateLimits }
    : {
        text: l10n.t(
          'This is {0}’s limit, not Hugging Face’s. Requests through Hugging Face’s router use its account there, which all users share; with your own key, your account’s limits apply.',
          oneLine(by, 40),
        ),
        url: pages.inferencePricing,
      };
}

function ofModel(): Policy {
  return {
    text: l10n.t(
      'The model and the server decide how many tokens and requests they serve at once. Hugging Face publishes no number.',
    ),
    url: pages.inferencePricing,
  };
}

function hubWindow({ scope }: Refusal, locale: string): Policy {
  if (scope === 'anonymous') {
    return {
      text: l10n.t(
        'Requests without a token count for the IP address, which a whole office or CI may share: {0} API calls and {1} files in 5 minutes. With a token they count for its account.',
        published('anonymous', 'api', locale),
        published('anonymous', 'resolvers', locale),
      ),
      url: pages.rateLimits,
    };
  }
  if (scope === 'whoami-v2') {
    return {
      text: l10n.t('whoami has its own strict limit, by IP address. Call it once, not before each request.'),
      url: pages.rateLimits,
    };
  }
  const limits = (bucket: string) =>
    (['free', 'pro', 'team'] as const).map(plan => published(plan, bucket, locale)).join(' / ');
  return {
    text: l10n.t(
      'The Hub counts each account’s requests (in an organization: each member’s) in fixed windows of 5 minutes, separately for the API ({0} on Free / PRO / Team), files ({1}) and pages ({2}).',
      limits('api'),
      limits('resolvers'),
      limits('pages'),
    ),
    url: pages.rateLimits,
  };
}

function published(plan: Parameters<typeof publishedWindowLimit>[0], bucket: string, locale: string): string {
  return countOrDash(publishedWindowLimit(plan, bucket), locale);
}

function credits({ by, scope }: Refusal): Policy {
  if (by !== 'huggingface') {
    return {
      text: l10n.t('With your own key, the provider bills you. Hugging Face’s credits do not count there.'),
      url: pages.inferencePricing,
    };
  }
  if (scope === 'Jobs') {
    return {
      text: l10n.t('Jobs take credits in advance: they need a positive balance to start.'),
      url: pages.hubBilling,
    };
  }
  return {
    text: l10n.t(
      'Each month has included credits for Inference Providers: $0.10 on Free, $2.00 on PRO, $2.00 per seat on Team. They do not carry over. Beyond them, bought credits pay.',
    ),
    url: pages.inferencePricing,
  };
}

function quota({ scope, limit, windowSeconds, by }: Refusal, locale: string): Policy {
  switch (scope) {
    case 'pay-as-you-go':
      return {
        text: l10n.t(
          'Through Hugging Face, some providers take only included credits, or only your own key. Buying credits does not change that.',
        ),
        url: pages.inferencePricing,
      };
    case 'disabled provider':
      return {
        text: l10n.t('An organization’s admins choose its members’ providers.'),
        url: pages.inferenceProviders,
      };
    case 'private storage':
    case 'storage':
      return {
        text: l10n.t(
          'The plan sets the size of private storage. Hugging Face grants more public storage on request.',
        ),
        url: pages.storageLimits,
      };
    case 'Inference Endpoints':
      return {
        text: l10n.t(
          'An account’s endpoints may use a fixed number of accelerators at once. Running, starting and scaled-to-zero endpoints count; paused ones do not.',
        ),
        url: pages.quotaRequest,
      };
    case 'ZeroGPU':
    case 'ZeroGPU duration':
      return {
        text: l10n.t(
          'ZeroGPU time is a quota for 24 hours from the first use. A call reserves its longest time before it runs, so it can be refused although some is left.',
        ),
        url: pages.zeroGpu,
      };
    default: {
      if (by !== 'huggingface') return ofProvider(by);
      const size =
        limit === undefined || windowSeconds === undefined
          ? ''
          : ` ${l10n.t('Here: {0} in {1}.', formatCount(limit, locale), spanInWords(windowSeconds, locale))}`;
      return {
        text: `${l10n.t('Some actions, such as commits, also have their own hourly or daily quota.')}${size}`,
        url: pages.rateLimits,
      };
    }
  }
}

import * as l10n from '@vscode/l10n';
import { publishedWindowLimit } from '../../limits/account/publishedTiers.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { isOfHubWindow } from '../account/buckets.ts';
import { formatCount } from '../text/counts.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { spanInWords } from '../text/times.ts';

/** The rule that a refusal follows, and where it is written. Plain text. */
export interface Policy {
  readonly text: string;
  readonly url?: string;
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
          'Each request to Inference Providers holds about $0.01 of the credits until its real cost is known. Many at once can hold all that is left.',
        ),
        url: pages.inferencePricing,
      };
    case 'spending-limit':
      return {
        text: l10n.t(
          'The admins of an organization may set a limit on what it spends in a month. Requests beyond it are refused, whatever credits are left.',
        ),
        url: pages.hubBilling,
      };
    case 'quota':
      return quota(refusal, locale);
    case 'capacity':
      return {
        text: l10n.t(
          'No limit of an account is behind this: the server has more requests than it can serve. No plan changes that.',
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

function ofProvider(by: string): Policy {
  return by === 'unknown'
    ? { text: l10n.t('Whose limit it is could not be told.'), url: pages.rateLimits }
    : {
        text: l10n.t(
          'This is a limit of {0}, not of Hugging Face. What goes through Hugging Face’s router uses Hugging Face’s account there, which all of its users share; with a key of your own, the limits of your account there apply.',
          oneLine(by, 40),
        ),
        url: pages.inferencePricing,
      };
}

function ofModel(): Policy {
  return {
    text: l10n.t(
      'How many tokens and requests are served at once depends on the model and the server. Hugging Face publishes no number.',
    ),
    url: pages.inferencePricing,
  };
}

function hubWindow({ scope }: Refusal, locale: string): Policy {
  if (scope === 'anonymous') {
    return {
      text: l10n.t(
        'Requests without a token count for the IP address, which a whole office or CI may share: {0} calls of the API and {1} files in 5 minutes. With a token they count for its account.',
        published('anonymous', 'api', locale),
        published('anonymous', 'resolvers', locale),
      ),
      url: pages.rateLimits,
    };
  }
  if (scope === 'whoami-v2') {
    return {
      text: l10n.t(
        'The call that tells whose token it is has a strict limit of its own, by IP address. It is meant to be made once, not before each request.',
      ),
      url: pages.rateLimits,
    };
  }
  const limits = (bucket: string) =>
    (['free', 'pro', 'team'] as const).map(plan => published(plan, bucket, locale)).join(' / ');
  return {
    text: l10n.t(
      'The Hub counts requests of an account (in an organization: of each member) in fixed windows of 5 minutes, apart for the API ({0} on Free / PRO / Team), files ({1}) and pages ({2}).',
      limits('api'),
      limits('resolvers'),
      limits('pages'),
    ),
    url: pages.rateLimits,
  };
}

function published(plan: Parameters<typeof publishedWindowLimit>[0], bucket: string, locale: string): string {
  const limit = publishedWindowLimit(plan, bucket);
  return limit === undefined ? '–' : formatCount(limit, locale);
}

function credits({ by, scope }: Refusal): Policy {
  if (by !== 'huggingface') {
    return {
      text: l10n.t(
        'With a key of your own, the provider bills you itself. Credits of Hugging Face do not count there.',
      ),
      url: pages.inferencePricing,
    };
  }
  if (scope === 'Jobs') {
    return {
      text: l10n.t('Jobs are paid ahead from credits: they need a positive balance to start.'),
      url: pages.hubBilling,
    };
  }
  return {
    text: l10n.t(
      'Each month has included credits for Inference Providers: $0.10 on Free, $2.00 on PRO, $2.00 per seat on Team. They do not carry over. What is beyond is paid from credits that were bought.',
    ),
    url: pages.inferencePricing,
  };
}

function quota({ scope, limit, windowSeconds, by }: Refusal, locale: string): Policy {
  switch (scope) {
    case 'pay-as-you-go':
      return {
        text: l10n.t(
          'Some providers serve through Hugging Face only what included credits pay for, or only with a key of your own. Buying credits does not change that.',
        ),
        url: pages.inferencePricing,
      };
    case 'disabled provider':
      return {
        text: l10n.t('The admins of an organization choose which providers its members may use.'),
        url: pages.inferenceProviders,
      };
    case 'private storage':
    case 'storage':
      return {
        text: l10n.t(
          'Private storage has a size that depends on the plan; more public storage is granted on request.',
        ),
        url: pages.storageLimits,
      };
    case 'Inference Endpoints':
      return {
        text: l10n.t(
          'Each account has a number of accelerators that its endpoints may use at once. Endpoints that run, start or are scaled to zero count; paused ones do not.',
        ),
        url: pages.quotaRequest,
      };
    case 'ZeroGPU':
    case 'ZeroGPU duration':
      return {
        text: l10n.t(
          'ZeroGPU time is a quota of 24 hours from the first use. A call reserves the longest time that it may take before it runs, so it can be refused with some left.',
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
        text: `${l10n.t('Some actions, such as commits, have an hourly or daily quota of their own beside the windows of 5 minutes.')}${size}`,
        url: pages.rateLimits,
      };
    }
  }
}

import * as l10n from '@vscode/l10n';
import type { Plan } from '../../limits/account/plans.ts';
import type { QuotaSubject } from '../../limits/refusals/quotaSubject.ts';
import { pages, storageMails } from '../text/pages.ts';

/** Where Hugging Face takes the request. */
export interface QuotaTarget {
  /** A page, which tells of the addresses of `mails`. */
  readonly url: string;
  /** Of several addresses the user chooses one, in place of the page. */
  readonly mails?: readonly { readonly label: string; readonly address: string }[];
  /** What opens, in a sentence. */
  readonly notice: string;
}

/** The page or the mail for exactly this limit, as Hugging Face's documentation names it. */
export function quotaTarget({ kind }: QuotaSubject, plan: Plan = 'unknown'): QuotaTarget {
  switch (kind) {
    case 'endpoint-hardware':
    case 'endpoints':
      return {
        url: pages.quotaRequest,
        notice: l10n.t('Request copied: paste it into the form that opens.'),
      };
    case 'zero-gpu':
      return plan === 'free'
        ? {
            url: pages.subscribePro,
            notice: l10n.t('Request copied. PRO has more ZeroGPU time: its page opens.'),
          }
        : {
            url: pages.billing,
            notice: l10n.t(
              'Request copied. Credits buy ZeroGPU time, $1 for 10 minutes: the billing page opens.',
            ),
          };
    case 'storage':
      return {
        url: pages.storageLimits,
        mails: [
          { label: l10n.t('For datasets'), address: storageMails.datasets },
          { label: l10n.t('For models'), address: storageMails.models },
        ],
        notice: l10n.t('Request copied: paste it into the mail that opens.'),
      };
    case 'space-hardware':
      return {
        url: pages.spaceHardware,
        notice: l10n.t('Request copied. The page that opens tells how a Space gets hardware.'),
      };
    case 'hub-window':
      return {
        url: pages.rateLimits,
        notice: l10n.t(
          'Request copied. The page that opens has the limits of each plan, and whom to ask for more.',
        ),
      };
  }
}

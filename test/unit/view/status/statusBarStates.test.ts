import assert from 'node:assert/strict';
import { statusBarModel } from '../../../../src/view/status/statusBarModel.ts';
import {
  aSnapshot,
  creditsRefusal,
  evenSpend,
  fixedNow,
  header,
  held,
  type InputChange,
  minuteMs,
  refusal,
  routerRefusal,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';

const hfToken = { kind: 'environment', variable: 'HF_TOKEN' } as const;
const ada = aSnapshot().signedIn().withAccount();
const free = ada.withAccount({ plan: 'free', canPay: false });
const acme: InputChange = { payer: { chosen: { kind: 'organization', name: 'acme' } } };
const ofAcme = (used: number) =>
  ada.withCredits().withOrganizationCredits('acme', { usedNanoUsd: usd(used), includedNanoUsd: usd(10) });
const llama = 'meta-llama/Llama-3.1-8B-Instruct';
const in96s = { at: fixedNow - 54 * secondMs, resetsAt: fixedNow + 96 * secondMs };

interface State {
  readonly text: string;
  readonly background?: 'warning' | 'error';
  /** Behind `Hugging Face: `. */
  readonly spoken: string;
  readonly of: SnapshotBuilder;
  readonly options?: InputChange;
}

const states: Record<string, State> = {
  'signed out': {
    text: '$(account) Hugging Face: sign in',
    spoken: 'sign in',
    of: aSnapshot(),
  },
  'a locked keyring': {
    text: '$(lock) keyring locked',
    spoken: 'The editor’s secret storage can’t be read (“locked”). Unlock the keyring, then refresh.',
    of: aSnapshot().with({ sessionProblem: { kind: 'keyring', message: 'locked' } }),
  },
  'a token that is gone': {
    text: '$(account) token not found',
    spoken:
      'The environment variable HF_TOKEN holds no token here: started from the Dock or a menu, VS Code does not see a terminal’s variables. Start it from a terminal, or sign in.',
    of: aSnapshot().with({ sessionProblem: { kind: 'token-gone', source: hfToken } }),
  },
  'a server address that can’t be used': {
    text: '$(gear) server address',
    spoken: 'The setting is wrong. Until you correct it, Headroom sends no token.',
    of: aSnapshot().with({ sessionProblem: { kind: 'server-url', message: 'The setting is wrong.' } }),
  },
  'a rejected token': {
    text: '$(account) Hugging Face: sign in again',
    background: 'warning',
    spoken: 'the token is rejected, sign in again',
    of: ada.withCredits().withProblem('credits', 'invalid-token'),
  },
  loading: { text: '$(loading~spin) Hugging Face', spoken: 'loading', of: aSnapshot().signedIn() },
  'personal, fine': {
    text: '$(hubot) $1.63 left',
    spoken: '1.63 US dollars of included credits left, updated 40 seconds ago',
    of: ada.withCredits({ usedNanoUsd: usd(0.37) }),
  },
  'an organization with known money': {
    text: '$(organization) acme · $6.10 left',
    spoken: 'bills acme; 6.10 US dollars left of 10.00 US dollars, updated 40 seconds ago',
    of: ofAcme(3.9),
    options: acme,
  },
  'an organization whose money can’t be known': {
    text: '$(organization) acme',
    spoken: 'bills acme',
    of: ada.withCredits(),
    options: acme,
  },
  'an organization’s token': {
    text: '$(organization) acme · $0.98 left',
    spoken: '0.98 US dollars of included credits left, updated 40 seconds ago',
    of: ada.withAccount({ type: 'org', name: 'acme', plan: 'team' }).withCredits(),
  },
  'an own provider key': {
    text: '$(key) groq',
    spoken: 'bills your groq key',
    of: ada.withCredits(),
    options: { payer: { chosen: { kind: 'provider-key', provider: 'groq' } } },
  },
  'less than a fifth left': {
    text: '$(warning) $0.21 left',
    background: 'warning',
    spoken: '0.21 US dollars of included credits left, updated 40 seconds ago',
    of: ada.withCredits({ usedNanoUsd: usd(1.79) }),
  },
  'gone before the reset at this pace': {
    text: '$(warning) $0.45 left',
    background: 'warning',
    spoken: '0.45 US dollars of included credits left, updated 40 seconds ago',
    of: ada.withCredits({ usedNanoUsd: usd(1.55) }).with({ spend: evenSpend(usd(1.55)) }),
  },
  'an organization that runs low': {
    text: '$(warning) acme · $0.40 left',
    background: 'warning',
    spoken: 'bills acme; 0.40 US dollars left of 10.00 US dollars, updated 40 seconds ago',
    of: ofAcme(9.6),
    options: acme,
  },
  'used up, without a payment method': {
    text: '$(warning) $0.00 left',
    background: 'warning',
    spoken: '0.00 US dollars of included credits left, updated 40 seconds ago',
    of: ada.withCredits({ usedNanoUsd: usd(2) }),
  },
  'pay-as-you-go': {
    text: '$(credit-card) $3.40 this month',
    spoken: '3.40 US dollars used this month, updated 40 seconds ago',
    of: ada.withCredits({ usedNanoUsd: usd(3.4) }),
  },
  'all used, with a payment method': {
    text: '$(credit-card) $2.00 this month',
    spoken: '2.00 US dollars used this month, updated 40 seconds ago',
    of: ada.withAccount({ canPay: true }).withCredits({ usedNanoUsd: usd(2) }),
  },
  'an organization that pays as it goes': {
    text: '$(organization) acme · $42.00 this month',
    spoken: 'bills acme; 42.00 US dollars used this month, updated 40 seconds ago',
    of: ofAcme(42),
    options: acme,
  },
  'money held by unsettled requests': {
    text: '$(watch) $0.09 held · ~4 min',
    spoken:
      '0.10 US dollars left, 0.09 US dollars of it held by open requests, usually free again in 4 minutes',
    of: free
      .withCredits({ usedNanoUsd: usd(0.0924), includedNanoUsd: usd(0.1) })
      .with({ heldNanoUsd: usd(0.09) })
      .withRefusals(creditsRefusal({ cause: 'unsettled', source: 'gateway' })),
  },
  'an unknown amount held': {
    text: '$(watch) credits held · ~4 min',
    spoken: 'open requests hold credits, they are usually free again in 4 minutes',
    of: free.withRefusals(creditsRefusal({ cause: 'unsettled', source: 'gateway' })),
  },
  'credits gone and refused': {
    text: '$(error) credits used up',
    background: 'error',
    spoken: 'credits used up, requests are refused',
    of: ada.withCredits({ usedNanoUsd: usd(2) }).withRefusals(creditsRefusal()),
  },
  'refused with less than a placeholder left': {
    text: '$(error) credits used up',
    background: 'error',
    spoken: 'credits used up, requests are refused',
    of: ada.withCredits({ usedNanoUsd: usd(1.995) }).withRefusals(creditsRefusal()),
  },
  'an organization’s spending limit': {
    text: '$(error) acme · spending limit reached',
    background: 'error',
    spoken: 'bills acme; spending limit reached, requests are refused',
    of: ofAcme(3.9).withRefusals(creditsRefusal({ cause: 'spending-limit', billedTo: 'org:acme' })),
    options: acme,
  },
  'a full window of the Hub': {
    text: '$(watch) Hub downloads full · 1:52',
    background: 'warning',
    spoken: 'rate limit reached, Hub downloads, open again in 1 minute 52 seconds',
    of: ada.withCredits().withHeaders(header('resolvers', 12_000, 12_000)),
  },
  'a blocked model': {
    text: '$(watch) Llama-3.1-8B · 1:36',
    background: 'warning',
    spoken: 'Llama-3.1-8B is refused, again in 1 minute 36 seconds',
    of: ada
      .withCredits()
      .withRefusals(refusal({ ...in96s, by: 'huggingface', cause: 'unknown', model: llama })),
  },
  'a model that the router refuses': {
    text: '$(watch) gpt2 · 0:38',
    background: 'warning',
    spoken: 'gpt2 is refused, again in 38 seconds',
    of: ada.withCredits().withRefusals(routerRefusal(38 * secondMs)),
  },
  'a blocked program': {
    text: '$(watch) my_script.py · 1:36',
    background: 'warning',
    spoken: 'my_script.py is refused, again in 1 minute 36 seconds',
    of: ada
      .withCredits()
      .withRefusals(refusal({ ...in96s, model: undefined, program: 'python my_script.py --fast' })),
  },
  'a refusal without an end': {
    text: '$(watch) Model-7B refused',
    background: 'warning',
    spoken: 'Model-7B is refused',
    of: ada.withCredits().withRefusals(refusal({ at: fixedNow - 30 * secondMs, resetsAt: undefined })),
  },
  'requests held by the gateway': {
    text: '$(watch) 12 waiting · 0:38',
    spoken: '12 requests are waiting, the first can go in 38 seconds',
    of: ada.withCredits(),
    options: { held: [held()] },
  },
  stale: {
    text: '$(history) $1.63 · 24 min ago',
    spoken: '1.63 US dollars of included credits left, updated 24 minutes ago',
    of: ada.withCredits({ usedNanoUsd: usd(0.37) }, 24 * minuteMs),
  },
  'offline from the start': {
    text: '$(debug-disconnect) Hugging Face',
    spoken: 'offline, nothing is known yet',
    of: aSnapshot().signedIn().offline(),
  },
  'no permission': {
    text: '$(lock) no billing permission',
    spoken: 'this token may not read billing',
    of: ada.withProblem('credits', 'missing-permission'),
  },
  'an answer that is not understood': {
    text: '$(question) Hugging Face',
    spoken: 'credits could not be read',
    of: ada.withProblem('credits', 'format-changed'),
  },
};

describe('the status bar has icon, text, background and spoken label for', () => {
  for (const [name, { text, background, spoken, of, options = {} }] of Object.entries(states)) {
    it(`${name}: ${text}`, () => {
      const model = statusBarModel(viewInput(of, options));
      assert.deepEqual(
        { text: model.text, background: model.background, spoken: model.accessibilityLabel },
        { text, background, spoken: `Hugging Face: ${spoken}` },
      );
    });
  }

  it('and each amount and time of the text is in the label, with its unit', () => {
    for (const { text, spoken } of Object.values(states)) {
      for (const [, dollars] of text.matchAll(/\$([\d.]+)/g))
        assert.ok(spoken.includes(`${dollars} US dollars`), text);
      for (const [, minutes] of text.matchAll(/(\d+) min/g))
        assert.ok(spoken.includes(`${minutes} minutes`), text);
      for (const [, minutes, seconds] of text.matchAll(/(\d):(\d\d)/g)) {
        const words = minutes === '0' ? '' : `${minutes} minute `;
        assert.ok(spoken.includes(`${words}${Number(seconds)} seconds`), text);
      }
    }
  });
});

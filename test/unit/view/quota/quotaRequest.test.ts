import assert from 'node:assert/strict';
import type { QuotaSubject } from '../../../../src/limits/refusals/quotaSubject.ts';
import { quotaChoices } from '../../../../src/view/quota/quotaChoices.ts';
import { quotaRequest } from '../../../../src/view/quota/quotaRequest.ts';
import { quotaTarget } from '../../../../src/view/quota/quotaTarget.ts';
import { isPageOfHuggingFace } from '../../../../src/view/text/pages.ts';
import {
  aSnapshot,
  endpoint,
  fixedNow,
  hardware,
  header,
  hourMs,
  hubRefusal,
  minuteMs,
  refusal,
  viewInput,
} from '../builders.ts';

const l4: QuotaSubject = { kind: 'endpoint-hardware', of: 'ada', id: 'aws-us-east-1-nvidia-l4-x1' };
const endpointsFull = refusal({
  at: fixedNow - 3 * hourMs,
  lastAt: fixedNow - minuteMs,
  count: 4,
  cause: 'quota',
  by: 'huggingface',
  scope: 'Inference Endpoints',
  model: undefined,
  limit: undefined,
  message: 'Quota exceeded for nvidia-l4 with hf_abcdefghijklmnopqrstuvwxyzABCDEFGH',
});
const ada = aSnapshot()
  .signedIn()
  .withAccount()
  .withEndpoints(
    'ada',
    endpoint('bert-prod'),
    endpoint('nightly', { state: 'scaledToZero' }),
    endpoint('old', { state: 'paused' }),
  )
  .withHardware('ada', hardware());
const textOf = (quota: QuotaSubject, snapshot = ada) => quotaRequest(quota, viewInput(snapshot.build()));

describe('a request for more', () => {
  it('says of what, how much is used by what, since when it was refused how often, and for whom', () => {
    assert.equal(
      textOf(l4, ada.withRefusals(endpointsFull)),
      `Request for more: NVIDIA L4 (nvidia-l4 x1, aws us-east-1) for Inference Endpoints

Account: ada (PRO)
In use: 2 of 2 accelerators (2025-11-22 14:10 UTC)
Used by: bert-prod (running), nightly (scaledToZero)
Refused: 4 times since 2025-11-22 11:10 UTC, last at 2025-11-22 14:09 UTC
Your words: "Quota exceeded for nvidia-l4 with hf_[redacted]"
Wanted: … (how much, and until when)
For: … (what it is used for)
`,
    );
  });

  it('names an organization and who asks', () => {
    const acme = ada.withHardware('acme', hardware());
    assert.match(textOf({ ...l4, of: 'acme' }, acme), /^Account: acme \(Team\), asked by ada$/m);
  });

  it('does not claim what is not known', () => {
    const text = textOf({ kind: 'zero-gpu' }, aSnapshot());
    assert.match(text, /^Account: not known to me\nIn use: not known to me/m);
    assert.match(text, /^Refused: not lately, as far as I know$/m);
    assert.doesNotMatch(text, /undefined|NaN|Used by/);
  });

  it('for ZeroGPU, storage, Spaces and the Hub’s windows', () => {
    const zeroGpu = ada.withZeroGpu({ totalSeconds: 2_400, remainingSeconds: 0 });
    assert.match(textOf({ kind: 'zero-gpu' }, zeroGpu), /^In use: 2400 of 2400 seconds in 24 hours/m);
    assert.match(textOf({ kind: 'storage', of: 'private storage' }), /^Request for more: private storage$/m);
    assert.match(textOf({ kind: 'space-hardware' }), /^Request for more: hardware for Spaces$/m);
    const window = ada.withHeaders(header('api', 2_500, 2_500)).withRefusals(hubRefusal(minuteMs));
    const text = textOf({ kind: 'hub-window', of: 'api' }, window);
    assert.match(text, /^In use: 2500 of 2500 requests in the window/m);
    assert.match(text, /^Refused: once, at /m);
  });
});

describe('where Hugging Face takes a request for more', () => {
  it('is a page of its own, or for storage a mail', () => {
    for (const kind of [
      'endpoint-hardware',
      'endpoints',
      'zero-gpu',
      'storage',
      'space-hardware',
      'hub-window',
    ] as const) {
      assert.ok(isPageOfHuggingFace(quotaTarget({ kind }).url), kind);
    }
    assert.equal(quotaTarget(l4).url, 'https://endpoints.huggingface.co/contact');
    assert.deepEqual(
      quotaTarget({ kind: 'storage' }).mails?.map(({ address }) => address),
      ['datasets@huggingface.co', 'models@huggingface.co'],
    );
    assert.match(quotaTarget({ kind: 'zero-gpu' }, 'free').url, /subscribe\/pro$/);
    assert.match(quotaTarget({ kind: 'zero-gpu' }, 'pro').url, /settings\/billing$/);
  });
});

describe('the list of limits to ask more of', () => {
  it('has the full ones first, then those that refused, then hardware in use, each once', () => {
    const other = hardware({
      id: 'aws-us-east-1-nvidia-t4-x1',
      architecture: 'NVIDIA T4',
      instanceType: 'nvidia-t4',
      used: 1,
      max: 4,
    });
    const snapshot = ada
      .withHardware('ada', hardware(), other)
      .withHeaders(header('api', 2_500, 2_500))
      .withRefusals(hubRefusal(minuteMs), endpointsFull, endpointsFull);
    assert.deepEqual(
      quotaChoices(viewInput(snapshot.build())).map(({ label, quota }) => [label, quota.kind]),
      [
        ['L4, us-east-1', 'endpoint-hardware'],
        ['Hub API', 'hub-window'],
        ['Inference Endpoints', 'endpoints'],
        ['T4, us-east-1', 'endpoint-hardware'],
      ],
    );
  });

  it('is empty while nothing is used or refused', () => {
    assert.deepEqual(quotaChoices(viewInput(aSnapshot().build())), []);
  });
});

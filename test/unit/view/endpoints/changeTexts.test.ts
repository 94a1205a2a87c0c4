import assert from 'node:assert/strict';
import type { EndpointAction } from '../../../../src/limits/account/endpointChange.ts';
import type { Endpoint, HardwareQuota } from '../../../../src/limits/account/endpoints.ts';
import { changeQuestion, outcomeText } from '../../../../src/view/endpoints/changeTexts.ts';
import { aSnapshot, endpoint, hardware, viewInput } from '../builders.ts';

const input = (own: Endpoint, ...rows: HardwareQuota[]) =>
  viewInput(
    aSnapshot()
      .signedIn()
      .withEndpoints('ada', own)
      .withHardware('ada', ...rows)
      .build(),
  );

function asked(action: EndpointAction, own: Endpoint, ...rows: HardwareQuota[]): string {
  const { message, detail } = changeQuestion(own, action, input(own, ...rows));
  return `${message} ${detail}`;
}

describe('the question before a change of an endpoint', () => {
  const running = endpoint('bert-prod');
  const paused = endpoint('bert-prod', { state: 'paused', readyReplicas: 0, targetReplicas: 0 });

  it('pause: the price now, by hand, and what it frees', () => {
    assert.equal(
      asked('pause', running, hardware()),
      'Pause bert-prod? It costs $0.80/h now. Paused, it costs nothing and answers nothing until it is resumed by hand. It frees 1 of 2 × L4.',
    );
  });

  it('scale to zero: free until a request, which waits, and the quota stays taken', () => {
    assert.match(
      asked('scale-to-zero', running, hardware()),
      /^Scale bert-prod to zero\? It costs \$0\.80\/h now\. It then costs nothing until a request comes, which waits for minutes\. It keeps counting against 1 of 2 × L4\.$/,
    );
  });

  it('resume: the price from now on, for the fewest replicas, and the room for it', () => {
    assert.match(
      asked('resume', { ...paused, minReplicas: 2, targetReplicas: 0 }, hardware({ used: 1, max: 4 })),
      /^Resume bert-prod\? It costs \$1\.60\/h from now on\. .* It takes 1 of 4 × L4\.$/,
    );
    assert.match(
      asked('resume', paused, hardware()),
      /2 of 2 × L4 are in use, so Hugging Face will probably refuse/,
    );
    assert.equal(changeQuestion(paused, 'resume', input(paused, hardware())).isFull, true);
    assert.equal(changeQuestion(paused, 'resume', input(paused, hardware({ used: 1 }))).isFull, false);
  });

  it('counts accelerators, not replicas', () => {
    const four = hardware({ instanceSize: 'x4', numAccelerators: 4, used: 4, max: 8 });
    const own = endpoint('big', { instanceSize: 'x4', targetReplicas: 2, readyReplicas: 2 });
    assert.match(asked('pause', own, four), /It frees 8 of 8 × L4\./);
  });

  it('says what is not known: price, quota', () => {
    assert.match(asked('pause', running), /no price\. .* How much of the quota that is, is not known\.$/);
    assert.match(asked('resume', paused), /What it will cost is not known/);
    assert.match(asked('pause', running, hardware({ max: undefined, used: undefined })), /is not known\.$/);
  });

  it('a quota of another namespace is not its own', () => {
    const other = viewInput(
      aSnapshot().signedIn().withEndpoints('acme', running).withHardware('ada', hardware()).build(),
    );
    const { detail } = changeQuestion({ ...running, namespace: 'acme' }, 'pause', other);
    assert.match(detail, /is not known\.$/);
  });

  it('an endpoint that costs nothing says so', () => {
    const asleep = endpoint('nightly', { state: 'scaledToZero', readyReplicas: 0, targetReplicas: 0 });
    assert.match(
      asked('pause', asleep, hardware()),
      /^Pause nightly\? It costs nothing now\. .* It frees 1 of 2 × L4\.$/,
    );
  });
});

describe('what became of a change', () => {
  const became = (
    action: EndpointAction,
    outcome: Parameters<typeof outcomeText>[1],
    change: Partial<Endpoint>,
    ...rows: HardwareQuota[]
  ) => {
    const own = endpoint('bert-prod', change);
    return outcomeText(action, outcome, own, 10, input(own, ...rows));
  };

  it('is told with what it costs and frees', () => {
    const paused = { state: 'paused', readyReplicas: 0, targetReplicas: 0 };
    assert.equal(
      became('pause', 'reached', paused, hardware({ used: 1 })),
      'bert-prod is paused and costs nothing. It freed 1 of 2 × L4.',
    );
    assert.equal(became('resume', 'reached', {}, hardware()), 'bert-prod is running, at $0.80/h.');
    assert.equal(became('resume', 'reached', {}), 'bert-prod is running. What it costs is not known.');
  });

  it('has Hugging Face’s words about a start that failed', () => {
    assert.equal(
      became('resume', 'failed', { state: 'failed', message: 'CUDA out of memory' }),
      'bert-prod did not start. Hugging Face says: “CUDA out of memory”',
    );
    assert.match(
      became('resume', 'failed', { state: 'paused', message: 'Resource group spend limit reached' }),
      /its resource group has reached its spending limit/,
    );
  });

  it('is not claimed before it is so', () => {
    assert.equal(
      became('resume', 'still', { state: 'initializing' }),
      'bert-prod is still “initializing” after 10 min. Hugging Face goes on, and the tree shows it.',
    );
  });
});

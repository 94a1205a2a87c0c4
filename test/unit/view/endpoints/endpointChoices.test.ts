import assert from 'node:assert/strict';
import type { EndpointAction } from '../../../../src/limits/account/endpointChange.ts';
import { endpointChoices } from '../../../../src/view/endpoints/endpointChoices.ts';
import { aSnapshot, endpoint, fixedNow, hardware, viewInput } from '../builders.ts';

const paused = { state: 'paused', readyReplicas: 0, targetReplicas: 0 };
const snapshot = aSnapshot()
  .signedIn()
  .withEndpoints('ada', endpoint('model-10'), endpoint('model-9', paused))
  .withEndpoints('acme', endpoint('chat'))
  .withHardware('ada', hardware());
const names = (action?: EndpointAction) =>
  endpointChoices(viewInput(snapshot.build()), action).map(({ label }) => label);

describe('the list of endpoints to choose from', () => {
  it('has all namespaces, in the order of their names', () => {
    assert.deepEqual(names(), ['chat', 'model-9', 'model-10']);
  });

  it('has only those for which the action makes sense', () => {
    assert.deepEqual(names('resume'), ['model-9']);
    assert.deepEqual(names('pause'), ['chat', 'model-10']);
  });

  it('leaves out one that is changing', () => {
    const change = { namespace: 'acme', name: 'chat', action: 'pause', sentAt: fixedNow } as const;
    const input = viewInput(snapshot.with({ endpointChanges: [change] }).build());
    assert.deepEqual(
      endpointChoices(input, 'pause').map(({ label }) => label),
      ['model-10'],
    );
  });

  it('says what each costs, or will', () => {
    const input = viewInput(snapshot.build());
    assert.equal(endpointChoices(input, 'pause')[1]?.description, '$0.80/h · running · 1 × L4 · ada');
    assert.match(endpointChoices(input, 'resume')[0]?.description ?? '', /^\$0\.80\/h · paused · /);
  });

  it('takes milliseconds for 300', () => {
    const many = Array.from({ length: 300 }, (_, index) => endpoint(`model-${index}`));
    const input = viewInput(
      aSnapshot()
        .withEndpoints('ada', ...many)
        .withHardware('ada', hardware())
        .build(),
    );
    const begun = performance.now();
    assert.equal(endpointChoices(input, 'pause').length, 300);
    assert.ok(performance.now() - begun < 200);
  });
});

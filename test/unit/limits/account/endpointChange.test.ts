import assert from 'node:assert/strict';
import { actionsOf, namesSpendLimit, outcomeOf } from '../../../../src/limits/account/endpointChange.ts';
import { endpoint } from '../../view/builders.ts';

const inState = (state: string, message?: string) => endpoint('bert', { state, message });

describe('the change of an endpoint', () => {
  it('is offered where it makes sense', () => {
    const offered = (state: string) => actionsOf(inState(state)).join(' ');
    assert.equal(offered('running'), 'pause scale-to-zero');
    assert.equal(offered('initializing'), 'pause');
    assert.equal(offered('scaledToZero'), 'pause');
    assert.equal(offered('paused'), 'resume');
    assert.equal(offered('hibernating'), '', 'a state that Hugging Face adds');
  });

  it('ends with its state, with a failed start, or with the endpoint', () => {
    assert.equal(outcomeOf('pause', inState('running')), undefined);
    assert.equal(outcomeOf('pause', inState('paused')), 'reached');
    assert.equal(outcomeOf('scale-to-zero', inState('scaledToZero')), 'reached');
    assert.equal(outcomeOf('resume', inState('initializing')), undefined);
    assert.equal(outcomeOf('resume', inState('running')), 'reached');
    assert.equal(outcomeOf('resume', inState('failed')), 'failed');
    assert.equal(outcomeOf('pause', inState('failed')), undefined);
    assert.equal(outcomeOf('pause', undefined), 'gone');
  });

  it('a spending limit is known by Hugging Face’s words only', () => {
    const words = 'Resource group spend limit reached';
    assert.equal(namesSpendLimit(inState('paused', words)), true);
    assert.equal(namesSpendLimit(inState('paused', 'Endpoint was paused by ada')), false);
    assert.equal(namesSpendLimit(inState('running', words)), true, 'its requests are rejected');
    assert.equal(outcomeOf('resume', inState('paused', words)), 'failed');
  });
});

import assert from 'node:assert/strict';
import { welcomeState } from '../../../../src/view/status/welcomeState.ts';
import { aSnapshot, endpoint, type SnapshotBuilder } from '../builders.ts';

const signedIn = aSnapshot().signedIn();
const ada = signedIn.withAccount();

describe('welcomeState', () => {
  const cases: [name: string, SnapshotBuilder, state: string][] = [
    ['signed out', aSnapshot().withCredits(), 'signed-out'],
    [
      'the secret storage can’t be read',
      aSnapshot().with({ sessionProblem: { kind: 'keyring', message: 'locked' } }),
      'keyring',
    ],
    ['nothing has been read yet', signedIn, 'loading'],
    ['only the account is known yet', ada, 'loading'],
    ['the token is rejected', signedIn.withProblem('account', 'invalid-token'), 'invalid-token'],
    ['the token may not read billing', ada.withProblem('credits', 'missing-permission'), 'ready'],
    ['there is no network', signedIn.offline(), 'offline'],
    ['a captive portal answers', ada.withProblem('credits', 'not-json'), 'offline'],
    ['there is no network, but something is known', ada.withCredits().offline(), 'ready'],
    [
      'the token is rejected, but something is known',
      ada.withCredits().withProblem('credits', 'invalid-token'),
      'ready',
    ],
    [
      'the token may read endpoints only',
      ada.withProblem('credits', 'missing-permission').withEndpoints('ada', endpoint('e')),
      'ready',
    ],
    ['an answer is not understood: its row says so', ada.withProblem('credits', 'format-changed'), 'ready'],
    ['all is well', ada.withCredits(), 'ready'],
  ];
  for (const [name, snapshot, state] of cases) {
    it(`is ${state} when ${name}`, () => assert.equal(welcomeState(snapshot.build()), state));
  }
});

import assert from 'node:assert/strict';
import {
  cancelledText,
  heldChoice,
  pickedHeld,
  releasedText,
} from '../../../../src/view/account/heldChoice.ts';
import { type Held, heldId } from '../../../../src/view/account/heldRequests.ts';
import { fixedNow, held } from '../builders.ts';

const hub = held();
const groq = held({ limit: 'groq', by: 'groq', scope: undefined, waiting: 1, programs: 1, until: undefined });
const choice = (waiting: readonly Held[], id?: string) => heldChoice(waiting, id, fixedNow, 'en');

describe('release and cancel of held requests', () => {
  it('act at once when one limit holds requests', () => {
    assert.deepEqual(choice([hub]), { kind: 'act', target: { limit: 'ada/api', waiting: 12 } });
  });

  it('act on the limit of the row or link', () => {
    assert.deepEqual(choice([hub, groq], heldId(groq)), {
      kind: 'act',
      target: { limit: 'groq', waiting: 1 },
    });
  });

  it('ask when several limits hold requests', () => {
    assert.deepEqual(choice([hub, groq]), {
      kind: 'ask',
      items: [
        { label: 'All', description: '13 waiting · 0:38', id: undefined },
        {
          label: 'Hub API',
          description: '12 waiting · 0:38',
          detail: '12 requests of 2 programs',
          id: heldId(hub),
        },
        { label: 'groq', description: '1 waiting', detail: '1 request', id: heldId(groq) },
      ],
    });
  });

  it('say that no requests are held', () => {
    assert.deepEqual(choice([]), { kind: 'none', message: 'No requests are waiting.' });
    assert.deepEqual(choice([hub], heldId(groq)), {
      kind: 'none',
      message: 'No requests wait there any more.',
    });
    assert.deepEqual(choice([hub], 'credits'), {
      kind: 'none',
      message: 'No requests wait there any more.',
    });
  });

  describe('after a pick', () => {
    const all = { label: 'All', description: '', id: undefined };
    const one = { label: 'groq', description: '', id: heldId(groq) };

    it('take the requests that are held by then', () => {
      const fewer = held({ waiting: 4 });
      assert.deepEqual(pickedHeld([fewer, groq], all), {
        kind: 'act',
        target: { limit: undefined, waiting: 5 },
      });
      assert.deepEqual(pickedHeld([fewer, groq], one), {
        kind: 'act',
        target: { limit: 'groq', waiting: 1 },
      });
    });

    it('take none when they have gone meanwhile', () => {
      assert.equal(pickedHeld([], all).kind, 'none');
      assert.equal(pickedHeld([hub], one).kind, 'none');
    });
  });

  it('report what they did and what may follow', () => {
    assert.equal(releasedText(1, 'en'), 'Released 1 request: it goes out now; the server may refuse it.');
    assert.equal(
      releasedText(1_200, 'en'),
      'Released 1,200 requests: they go out now; the server may refuse them.',
    );
    assert.equal(cancelledText(1, 'en'), 'Cancelled 1 request: its program gets a 429 which says so.');
    assert.equal(cancelledText(12, 'en'), 'Cancelled 12 requests: their programs get a 429 which says so.');
  });
});

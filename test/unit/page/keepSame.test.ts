import assert from 'node:assert/strict';
import { keepSame, withPanels } from '../../../src/page/keepSame.ts';
import type { DashboardState } from '../../../src/view/dashboard/dashboardState.ts';

const panel = (id: 'spend' | 'use', summary: string): DashboardState['panels'][number] => ({
  id,
  title: id,
  summary,
  source: 'counted-here',
  note: 'Counted here',
  table: { columns: [], rows: [] },
});
const state = (...panels: DashboardState['panels']): DashboardState => ({
  locale: 'en',
  now: 1,
  title: 'You pay',
  range: 'month',
  words: { total: 'Total' },
  panels,
});

describe('an update of the page', () => {
  it('draws only the panels that say something else', () => {
    const before = state(panel('spend', '$1'), panel('use', '3 requests'));
    const after = keepSame(before, state(panel('spend', '$2'), panel('use', '3 requests')));
    assert.equal(after.panels[0]?.summary, '$2');
    assert.equal(after.panels[1], before.panels[1]);
    assert.equal(after.words, before.words);
  });

  it('takes a first state, and a panel that was not there', () => {
    const first = state(panel('spend', '$1'));
    assert.equal(keepSame(undefined, first), first);
    assert.equal(keepSame(first, state(panel('use', '1 request'))).panels[0]?.id, 'use');
  });

  it('takes changed panels alone, and leaves the others as they are', () => {
    const before = state(panel('spend', '$1'), panel('use', '3 requests'));
    const after = withPanels(before, { now: 2, panels: [panel('use', '4 requests')] });
    assert.deepEqual([after.now, after.panels[1]?.summary], [2, '4 requests']);
    assert.equal(after.panels[0], before.panels[0]);
  });
});

import assert from 'node:assert/strict';
import * as v from 'valibot';
import { messageFromPage, messageToPage } from '../../../../src/view/dashboard/dashboardState.ts';
import { dashboardWords } from '../../../../src/view/dashboard/dashboardWords.ts';

const fits = (schema: v.GenericSchema, message: unknown) => v.safeParse(schema, message).success;

const panel = {
  id: 'spend',
  title: 'Spend',
  summary: '$0.12',
  source: 'counted-here',
  note: 'Counted here',
  table: { columns: [], rows: [] },
};
const state = {
  locale: 'en',
  now: 1_795_000_000_000,
  title: 'You pay',
  range: 'month',
  words: dashboardWords(),
  panels: [panel],
};

describe('messages to the dashboard’s page', () => {
  it('fit with the state, its words, and sentences', () => {
    assert.ok(fits(messageToPage, { kind: 'state', state }));
    assert.ok(fits(messageToPage, { kind: 'failed', message: 'x' }));
  });

  it('do not fit with another kind, an amount that is no number, or 41 panels', () => {
    const chart = {
      kind: 'amounts',
      unit: 'ms',
      rows: [{ id: 'a', label: 'a', value: Number.NaN, text: 'a' }],
    };
    for (const odd of [
      undefined,
      'state',
      { kind: 'eval', code: '1' },
      { kind: 'state', state: { ...state, now: '1' } },
      { kind: 'state', state: { ...state, panels: Array(41).fill(panel) } },
      { kind: 'state', state: { ...state, panels: [{ ...panel, chart }] } },
    ]) {
      assert.equal(fits(messageToPage, odd), false);
    }
  });
});

describe('messages from the dashboard’s page', () => {
  it('fit with what it can ask for', () => {
    for (const message of [
      { kind: 'ready' },
      { kind: 'ready', range: 'year' },
      { kind: 'range', range: '7-days' },
      { kind: 'run', action: 'sign-in' },
      { kind: 'export', format: 'csv' },
      { kind: 'export', format: 'json', panel: 'spend' },
      { kind: 'export-png', panel: 'spend', data: 'iVBORw0KGgo=' },
      { kind: 'unreadable', reason: 'x' },
    ]) {
      assert.ok(fits(messageFromPage, message), message.kind);
    }
  });

  it('do not fit with a command of its own choice, another panel, or what is no picture', () => {
    for (const odd of [
      null,
      { kind: 'run', action: 'workbench.action.quit' },
      { kind: 'export', format: 'exe' },
      { kind: 'export', format: 'csv', panel: '../../etc/passwd' },
      { kind: 'export-png', panel: 'spend', data: '<svg>' },
      { kind: 'range', range: 'century' },
    ]) {
      assert.equal(fits(messageFromPage, odd), false);
    }
  });
});

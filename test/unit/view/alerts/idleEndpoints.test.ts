import assert from 'node:assert/strict';
import { newAlerts, snooze } from '../../../../src/view/alerts/newAlerts.ts';
import { badgeModel } from '../../../../src/view/status/badgeModel.ts';
import {
  aSnapshot,
  dayMs,
  endpoint,
  fixedNow,
  hardware,
  hourMs,
  type InputChange,
  minuteMs,
  organization,
  type SnapshotBuilder,
  viewInput,
} from '../builders.ts';
import { aLedger, aWindowsMemory } from './aMemory.ts';

const token = { role: 'write', permissions: [] } as const;
const stays = endpoint('chat', { minReplicas: 1, scaleToZeroMinutes: undefined });
const ada = aSnapshot()
  .signedIn()
  .withAccount({ token, organizations: [organization('acme')] });

/** acme/chat at $0.80/h, without a request from `since` until a reading `ageMs` before `now`. */
function idle(now = fixedNow, { since = fixedNow - 3 * hourMs, ageMs = minuteMs, of = ada } = {}) {
  const history = { requests: 5, replicas: 'a', since: since - ageMs, readAt: now - ageMs };
  return of
    .withEndpoints('acme', stays)
    .withHardware('acme', hardware())
    .with({ endpointUse: [{ namespace: 'acme', name: 'chat', askedAt: now, history }] });
}

/** A window of VS Code: takes what it sees, and returns the sentences that it tells. */
function aWindow(ledger = aLedger()) {
  const memory = aWindowsMemory(ledger);
  const see = (
    snapshot: SnapshotBuilder,
    { isQuiet, ...change }: InputChange & { isQuiet?: boolean } = {},
  ) => {
    ledger.now = change.now ?? fixedNow;
    return newAlerts(viewInput(snapshot, change), memory, isQuiet).map(({ state }) => state.sentence);
  };
  return Object.assign(see, {
    snooze: (snapshot: SnapshotBuilder) => snooze('idle:acme/chat', viewInput(snapshot), memory),
  });
}

const sentence =
  'acme/chat has had no request for 3 h, and costs $0.80/h. Scaled to zero it costs nothing, keeps its place in the quota, and the next request wakes it within minutes.';

describe('an endpoint that is idle for 3 hours', () => {
  const later = fixedNow + hourMs;

  it('is told once, with its price, and what to do', () => {
    const see = aWindow();
    assert.deepEqual(see(idle(fixedNow, { since: fixedNow - 2 * hourMs })), []);
    assert.deepEqual(see(idle()), [sentence]);
    assert.deepEqual(see(idle(later), { now: later }), []);
    const [notice] = newAlerts(viewInput(idle()), aWindowsMemory());
    assert.deepEqual(
      notice?.state.actions.map(({ label, ...action }) => [label, 'command' in action && action]),
      [
        ['Scale to zero…', { command: 'headroom.scaleEndpointToZero', argument: 'endpoints/acme/chat' }],
        ['Pause…', { command: 'headroom.pauseEndpoint', argument: 'endpoints/acme/chat' }],
      ],
    );
  });

  it('is told by a window that starts with it, unless one has told it that day', () => {
    const ledger = aLedger();
    assert.deepEqual(aWindow(ledger)(idle()), [sentence]);
    assert.deepEqual(aWindow(ledger)(idle()), [], 'a second window, or the first after a restart');
    assert.deepEqual(aWindow(ledger)(idle(later), { now: later }), []);
  });

  it('is told again on the next local day, once, also after a restart', () => {
    const ledger = aLedger();
    const timeZone = 'America/New_York'; // midnight at 05:00 UTC
    const see = aWindow(ledger);
    see(idle(), { timeZone });
    const midnight = Date.UTC(2025, 10, 23, 5);
    const before = midnight - minuteMs;
    assert.deepEqual(see(idle(before), { now: before, timeZone }), []);
    const after = midnight + 10 * minuteMs;
    assert.equal(aWindow(ledger)(idle(after), { now: after, timeZone }).length, 1);
    assert.deepEqual(see(idle(after), { now: after, timeZone }), []);
    const next = after + dayMs;
    assert.match(see(idle(next), { now: next, timeZone })[0] ?? '', /no request for \d+ h, and costs/);
  });

  it('is told once when a reading from before midnight is judged after it', () => {
    const see = aWindow();
    see(idle());
    const midnight = Date.UTC(2025, 10, 23);
    const soon = midnight + minuteMs;
    assert.deepEqual(see(idle(soon, { ageMs: 3 * minuteMs }), { now: soon }), []);
    const read = midnight + 10 * minuteMs;
    assert.equal(see(idle(read), { now: read }).length, 1);
  });

  it('is told once a day, also when it was busy meanwhile', () => {
    const see = aWindow();
    see(idle());
    assert.deepEqual(see(idle(later, { since: later - minuteMs }), { now: later }), []);
    const evening = fixedNow + 8 * hourMs;
    assert.deepEqual(see(idle(evening, { since: fixedNow + hourMs }), { now: evening }), []);
  });

  it('is not told from an old reading: a request may have come since', () => {
    assert.deepEqual(aWindow()(idle(fixedNow, { ageMs: 20 * minuteMs })), []);
  });

  it('waits while a program is debugged', () => {
    const see = aWindow();
    assert.deepEqual(see(idle(), { isQuiet: true }), []);
    assert.deepEqual(see(idle()), [sentence]);
  });

  it('is not told when it is muted, or snoozed in another window', () => {
    assert.deepEqual(aWindow()(idle(), { mutedLimits: ['idle:acme/chat'] }), []);
    const ledger = aLedger();
    aWindow(ledger).snooze(idle());
    assert.deepEqual(aWindow(ledger)(idle()), []);
  });

  it('is not told to a token that may not change it, nor during a change', () => {
    const reads = ada.withAccount({ token: { ...token, role: 'read' } });
    assert.deepEqual(aWindow()(idle(fixedNow, { of: reads })), []);
    const change = { namespace: 'acme', name: 'chat', action: 'pause', sentAt: fixedNow } as const;
    assert.deepEqual(aWindow()(idle().with({ endpointChanges: [change] })), []);
  });

  it('says that its price is not known', () => {
    const [told] = aWindow()(idle().with({ hardware: {} }));
    assert.match(told ?? '', /^acme\/chat has had no request for 3 h\. Hugging Face sent no price for it\./);
  });

  it('is no badge: it is a suggestion', () => {
    assert.equal(badgeModel(viewInput(idle().withHardware('acme', hardware({ used: 0 })))), undefined);
  });
});

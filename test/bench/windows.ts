import type { Attention } from '../../src/account/nextPoll.ts';
import { type AccountSetup, hour, second, withAccount } from '../contract/accountSetup.ts';

/**
 * Ten windows cost Hugging Face as much as one. Counts the requests that the emulator receives in an hour of virtual
 * time from the first window's start, and in the hour after it, when everything has been read once.
 * Fails when ten windows cost more than one, or when an idle hour costs more than 40 requests.
 * Run: node test/bench/windows.ts (Node 24).
 */
const idleLimit = 40;
/** `low-credits` is always near a limit, and is polled more often. */
const scenarios = ['pro', 'team', 'low-credits'] as const;

interface Cost {
  readonly firstHour: number;
  readonly nextHour: number;
}

/** The same in all runs: the poll times depend on the address, too. */
let ports: { hub?: number; endpoints?: number } = {};

async function costOf(scenario: string, windows: number, attention: Attention): Promise<Cost> {
  let cost: Cost = { firstHour: 0, nextHour: 0 };
  // keeps the organizations that refuse
  await withAccount({ scenario, patch: { orgs: {} }, ports }, async setup => {
    const { hubUrl, endpointsUrl } = setup.emulator;
    ports = { hub: Number(new URL(hubUrl).port), endpoints: Number(new URL(endpointsUrl).port) };
    for (let index = 0; index < windows; index++) {
      const { service } = setup.open();
      await service.start();
      // only one window has the focus
      if (index === 0) service.setAttention(attention);
      // spreads the heartbeats over ten seconds
      await setup.clock.advance((10 * second) / windows);
    }
    const firstHour = await hourOf(setup, hour - 10 * second);
    setup.forgetRequests();
    cost = { firstHour, nextHour: await hourOf(setup, hour) };
  });
  return cost;
}

async function hourOf(setup: AccountSetup, ms: number): Promise<number> {
  await setup.clock.advance(ms);
  return setup.received().length;
}

let failed = false;
for (const scenario of scenarios) {
  for (const attention of ['idle', 'focused'] as const) {
    const one = await costOf(scenario, 1, attention);
    const ten = await costOf(scenario, 10, attention);
    for (const when of ['firstHour', 'nextHour'] as const) {
      const ratio = (ten[when] / one[when]).toFixed(2);
      console.log(
        `windows.${scenario}.${attention}.${when} one=${one[when]} ten=${ten[when]} ratio=${ratio}` +
          (attention === 'idle' ? ` (idle limit ${idleLimit})` : ''),
      );
      failed ||= ten[when] > one[when];
      failed ||= attention === 'idle' && Math.max(one[when], ten[when]) > idleLimit;
    }
  }
}
if (failed) {
  console.error('windows: ten windows cost more than one, or an idle hour exceeds its limit');
  process.exitCode = 1;
}

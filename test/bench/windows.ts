import type { Attention } from '../../src/account/nextPoll.ts';
import { type AccountWorld, hour, inWorld, second } from '../contract/accountWorld.ts';

/**
 * Law: ten windows cost Hugging Face as much as one. Counts the requests that the emulator receives in an hour of
 * virtual time, from the first window's start on, and in the hour after it, when everything has been read once.
 * Fails when ten windows cost more than one, or when an idle hour costs more than 40 requests.
 * Run: node test/bench/windows.ts (Node 24).
 */
const idleLimit = 40;
/** `low-credits` is near a limit all the time, and read more often for it. */
const scenarios = ['pro', 'team', 'low-credits'] as const;

interface Cost {
  readonly firstHour: number;
  readonly nextHour: number;
}

/** The same for all runs: what is polled when hangs on the address, too. */
let ports: { hub?: number; endpoints?: number } = {};

async function costOf(scenario: string, windows: number, attention: Attention): Promise<Cost> {
  let cost: Cost = { firstHour: 0, nextHour: 0 };
  // with all organizations, those too that refuse
  await inWorld({ scenario, patch: { orgs: {} }, ports }, async world => {
    const { hubUrl, endpointsUrl } = world.emulator;
    ports = { hub: Number(new URL(hubUrl).port), endpoints: Number(new URL(endpointsUrl).port) };
    for (let index = 0; index < windows; index++) {
      const { service } = world.open();
      await service.start();
      // one window has the focus
      if (index === 0) service.setAttention(attention);
      // their heartbeats are spread over ten seconds
      await world.clock.advance((10 * second) / windows);
    }
    const firstHour = await hourOf(world, hour - 10 * second);
    world.forgetRequests();
    cost = { firstHour, nextHour: await hourOf(world, hour) };
  });
  return cost;
}

async function hourOf(world: AccountWorld, ms: number): Promise<number> {
  await world.clock.advance(ms);
  return world.received().length;
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
  console.error('Ten windows cost more than one, or an idle hour costs too much.');
  process.exitCode = 1;
}

import { median } from './figures.ts';
import { startFromSource } from './headroom.ts';
import { type Answer, ask, type Caller } from './load.ts';
import { cpuSeconds, pin, pinMain } from './processUse.ts';

const gatewayCore = 0;
const otherCore = 1;

export interface RecordingCosts {
  readonly throughputPercent: number;
  readonly cpuPercent: number;
}

/**
 * What recording takes of one gateway's throughput, with 32 callers: each slice with it stands beside one without, as a
 * shared machine has slow phases.
 */
export async function recordingCosts(
  caller: Caller,
  upstream: string,
  upstreamPid: number,
): Promise<(answer: Answer, pairs: number) => Promise<RecordingCosts>> {
  const { server, record } = await startFromSource(upstream, caller.folder);
  pinMain(server.pid, gatewayCore);
  pin(upstreamPid, otherCore);
  const slice = async (answer: Answer, what: 'recording' | 'silent', seconds = 0.4) => {
    await record(what);
    const before = cpuSeconds(server.pid);
    const { answers, seconds: took } = await ask(caller, server, answer, {
      callers: 32,
      seconds,
      core: otherCore,
    });
    return { seconds: took / answers, cpu: (cpuSeconds(server.pid) - before) / answers };
  };
  return async (answer, pairs) => {
    await slice(answer, 'recording', 3);
    await slice(answer, 'silent', 1);
    const costs: RecordingCosts[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const first = await slice(answer, pair % 2 === 0 ? 'silent' : 'recording');
      const second = await slice(answer, pair % 2 === 0 ? 'recording' : 'silent');
      const [silent, recording] = pair % 2 === 0 ? [first, second] : [second, first];
      costs.push({
        throughputPercent: 100 * (1 - silent.seconds / recording.seconds),
        cpuPercent: 100 * (1 - silent.cpu / recording.cpu),
      });
    }
    return {
      throughputPercent: median(costs.map(cost => cost.throughputPercent)),
      cpuPercent: median(costs.map(cost => cost.cpuPercent)),
    };
  };
}

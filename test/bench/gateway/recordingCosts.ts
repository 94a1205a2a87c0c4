import { median } from './figures.ts';
import { startFromSource } from './headroom.ts';
import { type BenchModel, type Caller, measureLoad } from './load.ts';
import { cpuSeconds, pin, pinMain } from './processUse.ts';

const gatewayCore = 0;
const otherCore = 1;

export interface RecordingCosts {
  readonly throughputPercent: number;
  readonly cpuPercent: number;
}

/** Cost of recording with 32 callers, from alternating slices: a shared machine has slow phases. */
export async function recordingCosts(
  caller: Caller,
  upstream: string,
  upstreamPid: number,
): Promise<(model: BenchModel, pairs: number) => Promise<RecordingCosts>> {
  const { server, record } = await startFromSource(upstream, caller.folder);
  pinMain(server.pid, gatewayCore);
  pin(upstreamPid, otherCore);
  const slice = async (model: BenchModel, mode: 'recording' | 'silent', seconds = 0.4) => {
    await record(mode);
    const before = cpuSeconds(server.pid);
    const { responses, seconds: took } = await measureLoad(caller, server, model, {
      callers: 32,
      seconds,
      core: otherCore,
    });
    return { seconds: took / responses, cpu: (cpuSeconds(server.pid) - before) / responses };
  };
  return async (model, pairs) => {
    await slice(model, 'recording', 3);
    await slice(model, 'silent', 1);
    const costs: RecordingCosts[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const first = await slice(model, pair % 2 === 0 ? 'silent' : 'recording');
      const second = await slice(model, pair % 2 === 0 ? 'recording' : 'silent');
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

// A gateway process for `fork` with --expose-gc: gatewayLoads.test.ts measures its memory. Answers each
// message with bytes; `peak` is the maximum of `arrayBuffers` since the previous message.
import { memoryUsage } from 'node:process';
import { gatewayTo } from './testGateway.ts';

const gateway = await gatewayTo(process.argv[2] ?? '');
let peak = 0;
setInterval(() => {
  peak = Math.max(peak, memoryUsage().arrayBuffers);
}, 5);
process.on('message', () => {
  globalThis.gc?.();
  const { arrayBuffers, heapUsed } = memoryUsage();
  process.send?.({ arrayBuffers, heapUsed, peak });
  peak = 0;
});
process.send?.({ port: gateway.port, key: gateway.key });

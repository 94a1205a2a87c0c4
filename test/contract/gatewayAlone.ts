// A gateway in a process of its own, started with --expose-gc. Answers a message with the bytes that it takes, and the
// most that buffers took since the message before, dead ones included.
import { memoryUsage } from 'node:process';
import { gatewayTo } from './testGateway.ts';

const gateway = await gatewayTo(process.argv[2] ?? '');
let peak = 0;
setInterval(() => {
  peak = Math.max(peak, memoryUsage().arrayBuffers);
}, 5);
process.on('message', () => {
  globalThis.gc?.();
  const { arrayBuffers, heapUsed, rss } = memoryUsage();
  process.send?.({ arrayBuffers, heapUsed, rss, peak });
  peak = 0;
});
process.send?.({ url: gateway.url });

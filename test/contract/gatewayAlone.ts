// A gateway in a process of its own, so that its memory and its environment are nobody else's. Answers a message with
// the bytes that it takes, and the most that buffers took since the message before, dead ones included.
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { gatewayTo } from './testGateway.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const gateway = await gatewayTo(process.argv[2] ?? '', { dispatcher: createDispatcher({}) });
let peak = 0;
setInterval(() => {
  peak = Math.max(peak, memoryUsage().arrayBuffers);
}, 5);
process.on('message', () => {
  collectGarbage();
  const { arrayBuffers, heapUsed, rss } = memoryUsage();
  process.send?.({ arrayBuffers, heapUsed, rss, peak });
  peak = 0;
});
process.send?.({ url: gateway.url });

import type { IncomingMessage, ServerResponse } from 'node:http';
import { advance } from './endpoints/states.ts';
import { parseFault } from './faults.ts';
import { isObject } from './patch.ts';
import { scenarioNames } from './scenarios.ts';
import type { World } from './world.ts';

type Handler = (world: World, body: unknown) => unknown;

/** Handlers by `METHOD /path`; they return the response body. See README.md. */
const handlers: Record<string, Handler> = {
  'GET /state': world => {
    advance(world);
    const now = world.clock.now();
    return {
      ...world.state,
      now: new Date(now).toISOString(),
      clock: clockOf(world),
      faults: world.faults,
      urls: world.urls,
    };
  },
  'POST /state': (world, body) => {
    world.patch(objectIn(body));
    return {};
  },
  'GET /scenarios': () => scenarioNames,
  'POST /scenario': (world, body) => {
    const { name, ...patch } = objectIn(body);
    world.load(typeof name === 'string' ? name : world.state.scenario, patch);
    return { scenario: world.state.scenario, token: world.state.token };
  },
  'GET /faults': world => world.faults,
  'POST /faults': (world, body) => {
    world.faults.push(...(Array.isArray(body) ? body : [body]).map(parseFault));
    return world.faults;
  },
  'DELETE /faults': world => {
    world.faults = [];
    return [];
  },
  'GET /requests': world => world.requests,
  'DELETE /requests': world => {
    world.requests.length = 0;
    return [];
  },
  'GET /clock': clockOf,
  'POST /clock': (world, body) => {
    const { now, advanceMs, rate, skewMs } = objectIn(body);
    world.clock.set({
      ...(now !== undefined && { now: new Date(now as string | number).getTime() }),
      ...(advanceMs !== undefined && { advanceMs: Number(advanceMs) }),
      ...(rate !== undefined && { rate: Number(rate) }),
    });
    if (skewMs !== undefined) world.clock.skewMs = Number(skewMs);
    return clockOf(world);
  },
};

function clockOf({ clock }: World) {
  return { now: new Date(clock.now()).toISOString(), rate: clock.rate, skewMs: clock.skewMs };
}

function objectIn(body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw new Error('The body must be a JSON object');
  return body;
}

export function adminListener(world: World) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const path = (request.url ?? '').split('?')[0];
      const handle = handlers[`${request.method} ${path}`];
      if (!handle)
        return send(response, 404, {
          error: `No ${request.method} ${path}. Known: ${Object.keys(handlers).join(', ')}`,
        });
      send(response, 200, handle(world, text === '' ? {} : JSON.parse(text)));
    } catch (error) {
      send(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

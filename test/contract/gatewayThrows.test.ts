import assert from 'node:assert/strict';
import { Agent, type Dispatcher } from 'undici';
import { type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { chat, gatewayTo, type TestGateway, withKey } from './testGateway.ts';

const streams = 20;

/** Streams that must survive the failure of another exchange. */
async function openStreams(gateway: TestGateway) {
  const readers = await Promise.all(
    Array.from({ length: streams }, async () => {
      const { body } = await fetch(`${gateway.url}/v1/models?stream`, { headers: withKey() });
      assert.ok(body);
      const reader = body.getReader();
      assert.equal(text(await reader.read()), 'first');
      return reader;
    }),
  );
  return {
    async end(upstream: RawUpstream): Promise<void> {
      for (const { head, socket } of upstream.requests) {
        if (head.includes('?stream')) socket.write('4\r\nlast\r\n0\r\n\r\n');
      }
      for (const reader of readers) {
        assert.equal(text(await reader.read()), 'last');
        assert.equal((await reader.read()).done, true);
      }
    },
  };
}

function text({ value }: { readonly value?: Uint8Array }): string {
  return Buffer.from(value ?? []).toString();
}

const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

describe('gateway, failure of one exchange:', () => {
  let upstream: RawUpstream;
  let answer: string;

  beforeEach(async () => {
    answer = response(200);
    upstream = await rawUpstream(({ head, socket }) => {
      socket.write(head.includes('?stream') ? `${streamHead}5\r\nfirst\r\n` : answer);
    });
  });
  afterEach(() => upstream.close());

  /** A value that throws on each access. */
  const poison = new Proxy({}, { get: (_, name) => assert.fail(`poisoned: ${String(name)}`) });
  const poisonedError = Object.defineProperty(new Error('odd'), 'code', {
    get: () => assert.fail('poisoned: code'),
  });
  /** Handlers whose callback, by name, gets `poison`. */
  const callbacks: Record<string, (handler: Dispatcher.DispatchHandler) => Dispatcher.DispatchHandler> = {
    onResponseStart: handler => ({
      ...forwarding(handler),
      onResponseStart: (controller, status) =>
        handler.onResponseStart?.(Object.assign(controller, { rawHeaders: [poison, poison] }), status, {}),
    }),
    onResponseData: handler => ({
      ...forwarding(handler),
      onResponseData: controller => handler.onResponseData?.(controller, poison as Buffer),
    }),
    onResponseEnd: handler => ({
      ...forwarding(handler),
      onResponseEnd: controller =>
        handler.onResponseEnd?.(Object.assign(controller, { rawTrailers: [poison, poison] }), {}),
    }),
    onResponseError: handler => ({
      ...forwarding(handler),
      onResponseStart: controller => handler.onResponseError?.(controller, poisonedError),
    }),
  };
  for (const [callback, poisoned] of Object.entries(callbacks)) {
    it(`a throw in ${callback} ends its exchange with a 502 or its connection, and writes a line`, async () => {
      const agent = new Agent();
      const dispatcher = agent.compose(
        dispatch => (options, handler) =>
          dispatch(options, options.path.includes('?stream') ? handler : poisoned(handler)),
      );
      const gateway = await gatewayTo(upstream.url, { dispatcher, config: { pacing: 'observe' } });
      const open = await openStreams(gateway);
      const outcome = await chat(gateway).then(
        async got => `${got.status} ${JSON.parse(await got.text()).error.code}`,
        () => 'cut',
      );
      assert.ok(['502 gateway_failed', 'cut'].includes(outcome), outcome);
      assert.match(gateway.lines.join('\n'), /^gateway: an exchange failed: /m);
      await open.end(upstream);
      await gateway.stop();
    });
  }

  it('a throw after a provider was asked for its name of a model is answered with a 502', async () => {
    const gateway = await gatewayTo(upstream.url, {
      config: {
        profile: { kind: 'provider-key', provider: 'groq' },
        keys: { groq: 'gsk_1' },
        providerUrls: { groq: upstream.url },
      },
      models: { find: async () => 'their-model' },
      failing: { prices: () => assert.fail('planted in prices') },
    });
    const got = await chat(gateway);
    assert.equal(got.status, 502);
    assert.equal(JSON.parse(await got.text()).error.code, 'gateway_failed');
    await gateway.stop();
  });

  for (const dependency of ['now', 'random', 'setTimeout', 'prices', 'ledger', 'dispatcher'] as const) {
    it(`a throw of ${dependency}, at any of its calls, ends no other exchange`, async () => {
      let callsLeft = Number.POSITIVE_INFINITY;
      const fails = () => {
        callsLeft -= 1;
        if (callsLeft === 0) throw new Error(`planted in ${dependency}`);
      };
      const config = { longestWaitMs: 0, pacing: 'observe' } as const;
      const gateway = await gatewayTo(upstream.url, { config, failing: { [dependency]: fails } });
      const open = await openStreams(gateway);
      for (let at = 1; at <= 8; at++) {
        callsLeft = at;
        for (const bytes of [response(200, '{"usage":{"prompt_tokens":1}}'), response(403), response(429)]) {
          answer = bytes;
          await chat(gateway).then(
            got => got.arrayBuffer(),
            () => undefined,
          );
        }
      }
      callsLeft = Number.POSITIVE_INFINITY;
      await open.end(upstream);
      await gateway.stop();
    });
  }
});

function forwarding(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseStart: (controller, status, headers, statusText) =>
      handler.onResponseStart?.(controller, status, headers, statusText),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  };
}

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { formatProfile } from '../../src/billing/profile.ts';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { gatewayChildren, token } from './gatewayChild.ts';
import { requestHead, sendRaw } from './rawClient.ts';
import { rawUpstream, response } from './rawUpstream.ts';
import { filesWith } from './runCli.ts';
import { configTo } from './testGateway.ts';

describe('gateway, secrets:', function () {
  this.timeout(30_000);
  const secrets = {
    token,
    // without a prefix that a scanner knows
    key: 'c0ffee5c1e57dec0de0facade0feedbead',
    own: 'hf_aCallersOwnTokenThatIsNotKept',
  };

  for (const way of ['the editor', 'a terminal'] as const) {
    it(`none is left on disk or in the log after a session from ${way}`, async () => {
      const children = gatewayChildren();
      let turn = 0;
      const answers = [
        response(200, '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}'),
        `${response(200, 'data: {"usage":null}\n\ndata: [DONE]\n\n', {}, 'text/event-stream')}`,
        response(402, JSON.stringify({ error: `You have depleted your monthly included credits.` })),
        response(429, '{"error":"slow"}', { 'retry-after': '3000', ratelimit: '"api";r=0;t=299' }),
        response(401, '{"error":"Invalid credentials"}'),
        response(500, '{}'),
      ];
      // providers repeat a refused key in their message
      const repeats = (secret: string) =>
        response(429, JSON.stringify({ error: { message: `Rate limit reached for key ${secret} in x` } }), {
          'retry-after': '3000',
        });
      const upstream = await rawUpstream(({ socket, head }) => {
        const secret = /^authorization: Bearer (\S+)/im.exec(head)?.[1] ?? '';
        const answer = answers[turn++ % (answers.length + 1)];
        if (/inferenceProviderMapping/.test(head)) {
          const mapping = { groq: { status: 'live', providerId: 'm', task: 'conversational' } };
          socket.write(
            response(200, JSON.stringify({ id: 'acme/Model-7B', inferenceProviderMapping: mapping })),
          );
        } else if (answer === undefined) socket.write(repeats(secret));
        else if (turn % 19 === 0) socket.destroy();
        else socket.write(answer);
      });
      const config: GatewayConfig = configTo(upstream.url, {
        token,
        keys: { groq: secrets.key },
        providerUrls: { groq: upstream.url },
        failover: [{ kind: 'provider-key', provider: 'groq' }],
        longestWaitMs: 0,
        pacing: 'pace',
      });
      const gateway =
        way === 'the editor'
          ? await children.fork({}, config)
          : await children.start({
              HEADROOM_HUB_URL: upstream.url,
              HEADROOM_ROUTER_URL: upstream.url,
              HEADROOM_PROVIDER_URLS: JSON.stringify(config.providerUrls),
              GROQ_API_KEY: secrets.key,
            });
      const all = { ...secrets, 'gateway key': gateway.key };
      const received: string[] = [];
      const send = async (path: string, bearer: string, body?: string) => {
        const headers = [
          'Content-Type: application/json',
          `Content-Length: ${body?.length ?? 0}`,
          // a timeout that lets the gateway hold no request
          'X-Stainless-Timeout: 0.01',
          'Connection: close',
        ];
        const line = `${body === undefined ? 'GET' : 'POST'} ${path}`;
        const head = requestHead({ port: gateway.port, key: bearer }, line, headers);
        received.push(await sendRaw(gateway.port, head + (body ?? '')));
      };
      const profiles = [
        { kind: 'personal' },
        { kind: 'organization', name: 'acme' },
        { kind: 'provider-key', provider: 'groq' },
      ] as const;
      for (const profile of profiles) {
        if (way === 'the editor') gateway.configure({}, { ...config, profile });
        for (let round = 0; round < answers.length + 1; round++) {
          await send('/v1/chat/completions', gateway.key, '{"model":"acme/Model-7B","messages":[]}');
          await send('/v1/chat/completions', secrets.own, '{"model":"acme/Model-7B","messages":[]}');
          await send('/router/groq/openai/v1/chat/completions', gateway.key, '{"model":"m"}');
          await send('/hub/api/whoami-v2', gateway.key);
          await send(`/v1/models?key=${gateway.key.slice(0, 8)}`, `${gateway.key}wrong`);
          await send(`/elsewhere?${formatProfile(profile)}`, gateway.key);
        }
      }
      const sent = upstream.requests.map(({ head }) => head).join('\n');
      for (const secret of [token, secrets.own]) assert.ok(sent.includes(secret), 'each token is used');
      assert.equal(sent.includes(secrets.key), way === 'the editor');
      assert.ok(!sent.includes(gateway.key));

      const running = {
        argv: processFile(gateway.pid, 'cmdline'),
        environment: way === 'the editor' ? processFile(gateway.pid, 'environ') : '',
      };
      const open = Object.values(all).flatMap(secret => filesWith(children.state, secret));
      assert.equal(await gateway.end(), 0);
      const printed = gateway.output().slice(way === 'a terminal' ? gateway.output().indexOf('\n') : 0);
      for (const [name, secret] of Object.entries(all)) {
        assert.deepEqual(filesWith(children.state, secret), [], `${name} in the state`);
        for (const [where, text] of Object.entries({ ...running, printed })) {
          assert.ok(!text.includes(secret), `${name} in ${where}`);
        }
        // a message of upstream is passed on unchanged
        const ours = received.filter(answer => !answer.includes('Rate limit reached for key'));
        assert.ok(!ours.some(answer => answer.includes(secret)), `${name} in an answer`);
      }
      assert.deepEqual(open, []);
      assert.ok(fs.readdirSync(children.state).length > 0);
      await children.clean();
      await upstream.close();
    });
  }
});

/** Public data of a process in /proc; empty on other systems. */
function processFile(pid: number, name: string): string {
  return process.platform === 'linux' ? fs.readFileSync(`/proc/${pid}/${name}`, 'latin1') : '';
}

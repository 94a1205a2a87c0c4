import assert from 'node:assert/strict';
import { Agent } from 'undici';
import { GatewayRig, windowHeaders } from './gatewayRig.ts';
import { response } from './rawUpstream.ts';

describe('gateway pacing, internal error:', () => {
  it('all held requests are sent, and the log has the error', async () => {
    let fails = false;
    const rig = await GatewayRig.start({
      random() {
        if (fails) throw new Error('no more luck');
        return 0.5;
      },
    });
    try {
      rig.answer = () => response(200, '{}', windowHeaders(0, 5));
      await rig.status('/hub/api/models');
      const held = [1, 2].map(() => rig.status('/hub/api/models'));
      await rig.held(2);
      fails = true;
      rig.answer = () => response(200, '{}', windowHeaders(3, 300, 'pages'));
      assert.equal(await rig.status('/hub/acme'), 200);
      assert.deepEqual(await Promise.all(held), [200, 200]);
      assert.equal(await rig.status('/hub/api/models'), 200);
      assert.match(
        rig.gateway.lines.join('\n'),
        /pacing failed, no request is held until it starts over: no more luck/,
      );
      await rig.held(0);
    } finally {
      await rig.stop();
    }
  });

  it('pacing restarts within 10 s, without the requests in flight before', async () => {
    let fails = false;
    const rig = await GatewayRig.start({
      random() {
        if (!fails) return 0.5;
        fails = false;
        throw new Error('no more luck');
      },
    });
    try {
      rig.answer = () => undefined;
      const long = rig.status('/hub/api/models?long');
      await rig.arrival(1);
      fails = true;
      rig.answer = () => response(200, '{}', windowHeaders(3, 300));
      assert.equal(await rig.status('/hub/api/models'), 200);
      assert.equal(rig.gateway.lines.length, 1);
      await rig.pass(10_000);
      assert.deepEqual(rig.gateway.lines.slice(1), ['gateway: pacing starts over']);

      rig.answer = () => response(200, '{}', windowHeaders(1, 5));
      assert.equal(await rig.status('/hub/api/models'), 200);
      rig.arrived[0]?.socket.write(response(200, '{}', windowHeaders(1, 5)));
      assert.equal(await long, 200);
      rig.answer = () => undefined;
      const pending = [1, 2].map(() => rig.status('/hub/api/models'));
      await rig.held(1);
      await rig.arrival(4);
      rig.answer = () => response(200, '{}', windowHeaders(900, 300));
      rig.arrived[3]?.socket.write(response(200, '{}', windowHeaders(0, 5)));
      assert.deepEqual(await rig.clock.result(Promise.all(pending)), [200, 200]);
      assert.equal(rig.gateway.lines.length, 2);
    } finally {
      await rig.stop();
    }
  });

  it('a dispatcher that throws: that request gets a 502, later ones succeed', async () => {
    const agent = new Agent();
    let throws = false;
    const rig = await GatewayRig.start({
      dispatcher: Object.assign(Object.create(agent), {
        dispatch(...its: Parameters<typeof agent.dispatch>) {
          if (throws) throw new Error('broken');
          return agent.dispatch(...its);
        },
        destroy: () => agent.destroy(),
      }),
    });
    try {
      rig.answer = () => response(200, '{}', windowHeaders(0, 5));
      await rig.status('/hub/api/models');
      const held = [1, 2].map(() => rig.status('/hub/api/models'));
      await rig.held(2);
      throws = true;
      assert.deepEqual(await rig.clock.result(Promise.all(held)), [502, 502]);
      throws = false;
      assert.equal(await rig.status('/hub/api/models'), 200);
    } finally {
      await rig.stop();
    }
  });
});

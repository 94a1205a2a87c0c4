import fs from 'node:fs';
import Mocha from 'mocha';

/** Called by the extension host. Rejects when a test failed: the host then exits with 1. */
export async function run(): Promise<void> {
  const report = process.env.HEADROOM_TEST_REPORT;
  if (!report) throw new Error('HEADROOM_TEST_REPORT names no file');
  const line = (row: object) => fs.appendFileSync(report, `${JSON.stringify(row)}\n`);
  class Silent {}
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: Silent as unknown as string,
    timeout: 20_000,
    forbidOnly: true,
    ...(process.env.HEADROOM_TEST_GREP ? { grep: process.env.HEADROOM_TEST_GREP } : {}),
  });
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, 'suite', mocha);
  // first, before a suite makes VS Code activate the extension itself
  await import('./disposal.test.ts');
  await import('./payer.test.ts');
  await import('./windowKeys.test.ts');
  await import('./signIn.test.ts');
  await import('./switchBilling.test.ts');
  await import('./programs.test.ts');
  await import('./debugEnvironment.test.ts');
  await import('./proxy.test.ts');
  await import('./alerts.test.ts');
  await import('./watch.test.ts');
  await import('./refusals.test.ts');
  await import('./held.test.ts');
  await import('./manifest.test.ts');
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run(failures => {
      line({ kind: 'end', failures });
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    runner.on('pass', test => line({ kind: 'pass', title: test.fullTitle() }));
    runner.on('pending', test => line({ kind: 'pending', title: test.fullTitle() }));
    runner.on('fail', (test, error: Error) =>
      line({ kind: 'fail', title: test.fullTitle(), error: error.stack ?? String(error) }),
    );
  });
}

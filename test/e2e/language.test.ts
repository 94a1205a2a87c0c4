import assert from 'node:assert/strict';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('display language German:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true, language: 'de' });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('status bar: amounts are in German', async () => {
    await workbench.statusBarReads(/noch 0,98\s\$/);
  });

  it('hover: the reset is a day, in German', async () => {
    const hover = await workbench.hover();
    await hover.getByText(/Sie zahlen.*ada.*PRO/).waitFor();
    await hover.getByText(/neu am (Mo|Di|Mi|Do|Fr|Sa|So)\., 1\. [A-Z]/).waitFor();
    await workbench.picture('hover-german');
    await workbench.moveMouseAway();
  });

  it('commands: title and choices are in German', async () => {
    await workbench.command('Headroom: Konto bei Hugging Face wechseln');
    await workbench.choice('Konto hinzufügen').waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.command('Headroom: Abrechnung wechseln');
    await workbench.choice('kostenloser Tarif: Abrechnung nur mit Team oder Enterprise').first().waitFor();
    await workbench.picture('switch-billing-german');
    await workbench.page.keyboard.press('Escape');
  });

  it('side bar: sections are in German', async () => {
    await workbench.openSideBar();
    await workbench.widenSideBar(300);
    for (const section of ['Sie zahlen', 'Hub-Limits', 'Hardware-Kontingent']) {
      await workbench.row(section).waitFor();
    }
    await workbench.row('Downloads').waitFor();
    await workbench.picture('tree-german');
    assert.deepEqual(await workbench.cutNumbers(), []);
  });
});

import { Workbench } from './workbench.ts';

describe('a person whose editor speaks German', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true, language: 'de' });
  });
  after(() => workbench?.close());

  it('reads amounts in German, from the models that load late', async () => {
    await workbench.statusBarReads(/noch 0,98\s\$/);
  });

  it('finds a command by its German title, and answers in German', async () => {
    await workbench.command('Hugging Face: Konto wechseln');
    await workbench.choice('Konto hinzufügen').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('sees German rows in the side bar', async () => {
    await workbench.openSideBar();
    for (const section of ['Abrechnung', 'Ratenlimits', 'Hardware-Kontingent']) {
      await workbench.row(section).waitFor();
    }
  });
});

import { dashboardPage } from './dashboardPage.ts';
import { writeMonthOfUse } from './monthOfUse.ts';
import { pictureFailures } from './pictures.ts';
import { spent } from './spend.ts';
import { Workbench } from './workbench.ts';

/** The 19th of this month: enough is behind it for a forecast, and enough ahead of it to be told. */
function theNineteenth(): number {
  const today = new Date();
  return Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 19, 14);
}

/** A window on the 19th, with the month's spend up to then in the ledger. */
async function onTheNineteenth(usedUsd: number, language = 'en'): Promise<Workbench> {
  const patch = spent(usedUsd);
  const workbench = await Workbench.open({ signedIn: true, now: theNineteenth(), patch, language });
  writeMonthOfUse(workbench, usedUsd * 1e9);
  await workbench.reload(); // the month's earlier spend is read at the start
  return workbench;
}

describe('forecast of credits that last:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await onTheNineteenth(1.02);
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('the hover says that they last until the reset', async () => {
    const hover = await workbench.hover();
    await hover.getByText(/\$0\.98 left of \$2\.00 · resets \w+, \w+ 1 · lasts until then/).waitFor();
    await workbench.picture('forecast-hover');
    await workbench.moveMouseAway();
  });

  it('the tree has the month’s total, and its tooltip what lapses', async () => {
    await workbench.openSideBar();
    await workbench.widenSideBar(420);
    await workbench.rows(/Spend this month\$1\.02 · about \$1\.\d\d by \w+ 1 · 40 requests/).waitFor();
    await workbench
      .row('Credits')
      .filter({ hasText: /· lasts until then$/ })
      .hover();
    const tooltip = workbench.page.locator('.workbench-hover:visible', { hasText: 'will come to about' });
    await tooltip.getByText(/At this pace it lasts until \w+ 1\./).waitFor();
    await tooltip.getByText(/will come to about \$1\.\d\d \(\$1\.\d\d to \$1\.\d\d\)\./).waitFor();
    await tooltip.getByText(/\$0\.\d\d of \$2\.00 will lapse on \w+ 1\./).waitFor();
    await tooltip.getByText(/Today in UTC \$0\.\d\d, a fair day is \$0\.\d\d\./).waitFor();
    await workbench.picture('forecast-tree');
    await workbench.moveMouseAway();
  });

  it('the dashboard draws it up to the end of the month', async () => {
    await workbench.command('Headroom: Open Dashboard');
    const credits = dashboardPage(workbench).locator('.card-credits');
    await credits.getByText(/The month will come to about \$1\.\d+, .* will lapse on the 1st\./).waitFor();
    await credits.locator('.legend', { hasText: 'Likely' }).waitFor();
    await workbench.page.keyboard.press('Control+B');
    await workbench.page.setViewportSize({ width: 980, height: 1_200 });
    await workbench.picture('dashboard');
  });
});

for (const { language, picture, status, pace, sentence } of [
  {
    language: 'en',
    picture: 'forecast-gone',
    status: '$0.30 left',
    pace: / · gone about (Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$/,
    sentence: /At this pace it is gone about \w+day/,
  },
  {
    language: 'de',
    picture: 'forecast-german',
    status: /noch 0,30\s\$/,
    pace: / · voraussichtlich \w+(tag|woch) aufgebraucht$/,
    sentence: /Bei diesem Tempo ist es voraussichtlich \w+(tag|woch) aufgebraucht/,
  },
]) {
  describe(`forecast of credits that do not last, in ${language}:`, () => {
    let workbench: Workbench;
    before(async () => {
      workbench = await onTheNineteenth(1.7, language);
      await workbench.statusBarReads(status);
    });
    after(() => workbench?.close());
    pictureFailures(() => workbench);

    it('hover and tree name the day', async () => {
      const hover = await workbench.hover();
      await hover.getByText(pace).waitFor();
      await workbench.picture(`${picture}-hover`);
      await workbench.moveMouseAway();
      await workbench.openSideBar();
      await workbench.widenSideBar(300);
      await workbench.rows(pace).first().hover();
      await workbench.page.locator('.workbench-hover:visible').getByText(sentence).waitFor();
      await workbench.picture(`${picture}-tree`);
    });

    it('is shown in a light theme', async () => {
      await workbench.moveMouseAway();
      await workbench.colorTheme('Default Light Modern');
      await workbench.statusBarReads(status);
      const hover = await workbench.hover();
      await hover.getByText(pace).waitFor();
      await workbench.picture(`${picture}-light`);
    });
  });
}

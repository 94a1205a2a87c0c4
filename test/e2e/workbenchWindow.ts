import { setTimeout } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { takePicture } from './pictures.ts';

/** Tall enough for every row of the tree; rows out of sight are not in the DOM. */
export const viewport = { width: 1280, height: 940 };
export const extension = 'headroom.headroom';

/** One window of VS Code, used through its UI. */
export class WorkbenchWindow {
  readonly page: Page;

  constructor(page: Page) {
    page.setDefaultTimeout(10_000);
    this.page = page;
  }

  get statusBarItem(): Locator {
    return this.page.locator(`[id="${extension}.limits"]`);
  }

  /** Waits until the status bar item contains the text. */
  async statusBarReads(text: string | RegExp): Promise<void> {
    await this.statusBarItem.filter({ hasText: text }).waitFor({ timeout: 30_000 });
  }

  /** Runs a command from the palette, by its title. */
  async command(title: string): Promise<void> {
    await this.#runQuickInput('F1', '>', title);
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.#runQuickInput('Control+P', '', name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /**
   * Runs the item of this label. Before it is filtered, the list shows it, too, and Enter runs another one. A list that
   * opened before the command was enabled does not get it: it is opened again.
   */
  async #runQuickInput(key: string, prefix: string, label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget').first();
    const item = this.choice(label).and(this.page.locator('.focused'));
    while (!(await item.isVisible())) {
      // an earlier picker that is still closing would close the new one, too
      await widget.waitFor({ state: 'hidden' });
      await this.page.keyboard.press(key);
      await widget
        .locator('input')
        .first()
        .fill(prefix + label);
      await item.waitFor({ timeout: 3_000 }).catch(() => this.page.keyboard.press('Escape'));
    }
    await this.page.keyboard.press('Enter');
  }

  /** Items of the open quick pick that contain the text. */
  choice(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  }

  /** Clicks an item of the open quick pick. */
  async pick(label: string): Promise<void> {
    await this.choice(label).first().click();
  }

  /** Types into the open input box. */
  async type(text: string): Promise<void> {
    await this.page.locator('.quick-input-list').waitFor({ state: 'hidden' });
    await this.page.locator('.quick-input-widget input').first().fill(text);
  }

  /** Clicks Headroom's icon in the activity bar. */
  async openSideBar(): Promise<void> {
    await this.page
      .locator('.activitybar .action-item', { has: this.page.locator('[aria-label^="Headroom"]') })
      .first()
      .click();
    await this.page
      .locator('.sidebar .pane-header', { hasText: 'Limits' })
      .or(this.page.locator('.sidebar .composite.title'))
      .first()
      .waitFor();
  }

  /** Drags the side bar's edge: a narrow one truncates rows. */
  async widenSideBar(width: number): Promise<void> {
    const { mouse } = this.page;
    const { x, width: before } = await this.#sideBarBox();
    await mouse.move(x + before, viewport.height / 2);
    await mouse.down();
    await mouse.move(x + width, viewport.height / 2, { steps: 5 });
    await mouse.up();
    await this.moveMouseAway(); // the edge is coloured while the mouse is on it
  }

  async #sideBarBox() {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('the side bar is not shown');
    return box;
  }

  /** Rows of the tree whose label and description together contain the text. */
  rows(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text });
  }

  /** The row of the tree with this label. */
  row(label: string): Locator {
    const name = this.page.locator(`.monaco-icon-label[aria-label="${label}"]`);
    return this.page.locator('.sidebar .monaco-list-row', { has: name }).first();
  }

  /** Labels of the tree's outermost rows that are in sight. */
  async sections(): Promise<string[]> {
    const labels = this.page.locator('.sidebar .monaco-list-row[aria-level="1"] .label-name');
    return (await labels.allTextContents()).map(label => label.trim());
  }

  /** Rows of the tree whose first fact has a number that is cut at the side bar's edge: `11,990 / …`. */
  async cutNumbers(): Promise<string[]> {
    return await this.page.evaluate<string[]>(rowsWithCutNumber);
  }

  /** Waits until a webview contains the text. */
  async webviewSays(text: RegExp): Promise<void> {
    const read = async () => {
      const bodies = this.page.frames().map(frame => frame.locator('body').textContent({ timeout: 1_000 }));
      return (await Promise.allSettled(bodies)).some(
        body => body.status === 'fulfilled' && text.test(body.value ?? ''),
      );
    };
    while (!(await read())) await setTimeout(100);
  }

  /** Items of the open context menu that contain the text. */
  menuItem(text: string): Locator {
    return this.page.locator('.monaco-menu .action-item', { hasText: text });
  }

  /** Shows the rows below the row. VS Code drops a click on a tree that it draws anew. */
  async expand(row: Locator): Promise<void> {
    const expanded = row.and(this.page.locator('[aria-expanded="true"]'));
    while (!(await expanded.isVisible())) {
      await row.click();
      await expanded.waitFor({ timeout: 2_000 }).catch(() => undefined);
    }
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Opens the status bar item's hover; tries again when an update of the item closes it. */
  async hover(): Promise<Locator> {
    const link = this.page.locator('a[data-href^="command:headroom."]');
    const hover = this.page.locator('.workbench-hover:visible', { has: link });
    const shown = async (timeout: number) => {
      await this.statusBarItem.hover();
      await hover.waitFor({ timeout });
    };
    try {
      await shown(3_000);
    } catch {
      await this.moveMouseAway();
      await shown(7_000);
    }
    return hover;
  }

  /** Moves the mouse away, which closes every hover. */
  async moveMouseAway(): Promise<void> {
    await this.page.mouse.move(700, 300);
    await this.page.locator('.workbench-hover:visible').waitFor({ state: 'hidden' });
  }

  /** Picks a theme in VS Code's list, which needs no reload. */
  async pickTheme(label: string): Promise<void> {
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+T');
    await this.page.locator('.quick-input-widget input').first().fill(label);
    await this.choice(label).and(this.page.locator('.focused')).waitFor();
    await this.page.keyboard.press('Enter');
  }

  async picture(name: string): Promise<void> {
    await takePicture(this.page, name);
  }
}

/**
 * Runs in the page, whose types this project does not have. The number is in the label's beginning (`$0.80/h  bert-prod`)
 * or in the description's first fact (`$0.98 left of $2.00 · resets Dec 1`). Where VS Code cuts a row, its ellipsis
 * takes the place of what stands at the edge.
 */
const rowsWithCutNumber = String.raw`
  [...document.querySelectorAll('.sidebar .monaco-list-row')].filter(row => {
    const box = row.querySelector('.monaco-icon-label-container');
    const [label, description] = ['.label-name', '.label-description'].map(name => {
      const element = row.querySelector(name);
      return element && document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    });
    const inLabel = /^.*\p{Nd}\S*(?= {2})|^\P{L}*\p{Nd}/u.exec(label?.textContent ?? '');
    const [fact] = (description?.textContent ?? '').split(' · ');
    const inFact = /^(?:.*\s)?[^\p{L}\s]*\p{Nd}[\p{Nd}.,:]*/u.exec(fact);
    if (!inLabel && !inFact) return false;
    const range = document.createRange();
    range.setStart(inLabel ? label : description, 0);
    range.setEnd(inLabel ? label : description, (inLabel ?? inFact)[0].length);
    const context = document.createElement('canvas').getContext('2d');
    context.font = getComputedStyle(box).font;
    const ellipsis = box.scrollWidth > box.clientWidth ? context.measureText('…').width : 0;
    return range.getBoundingClientRect().right > box.getBoundingClientRect().right - ellipsis;
  }).map(row => row.textContent)`;

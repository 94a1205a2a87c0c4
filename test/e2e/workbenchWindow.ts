import type { Locator, Page } from 'playwright-core';
import { takePicture } from './pictures.ts';

/** Tall enough for every row of the tree: what is scrolled out of sight is not in the page. */
export const viewport = { width: 1280, height: 940 };
export const extension = 'headroom.headroom';

/** One window of VS Code, as a person sees and uses it. */
export class WorkbenchWindow {
  readonly page: Page;

  constructor(page: Page) {
    page.setDefaultTimeout(10_000);
    this.page = page;
  }

  get statusBarItem(): Locator {
    return this.page.locator(`[id="${extension}.limits"]`);
  }

  /** Waits until the status bar item reads so. */
  async statusBarReads(text: string | RegExp): Promise<void> {
    await this.statusBarItem.filter({ hasText: text }).waitFor({ timeout: 30_000 });
  }

  /** Runs a command from the palette, by its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const box = this.page.locator('.quick-input-widget input').first();
    await box.waitFor();
    await box.fill(`>${title}`);
    await this.choice(title).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input').first().fill(name);
    await this.choice(name).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Those of the open quick pick that read so. */
  choice(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  }

  /** Chooses from the open quick pick. */
  async pick(label: string): Promise<void> {
    await this.choice(label).first().click();
  }

  /** Types into the open input box. */
  async type(text: string): Promise<void> {
    await this.page.locator('.quick-input-list').waitFor({ state: 'hidden' });
    await this.page.locator('.quick-input-widget input').first().fill(text);
  }

  /** Shows the Headroom side bar by a click on its icon. */
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

  /** Makes the side bar this wide, by its edge: rows end in dots where it is narrow. */
  async widenSideBar(width: number): Promise<void> {
    const { mouse } = this.page;
    const { x, width: before } = await this.#sideBarBox();
    await mouse.move(x + before, viewport.height / 2);
    await mouse.down();
    await mouse.move(x + width, viewport.height / 2, { steps: 5 });
    await mouse.up();
  }

  async #sideBarBox() {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('the side bar is not shown');
    return box;
  }

  /** The rows of the tree that read so, in label and description together. */
  rows(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text });
  }

  /** The row of the tree with this label. */
  row(label: string): Locator {
    const name = this.page.locator(`.monaco-icon-label[aria-label="${label}"]`);
    return this.page.locator('.sidebar .monaco-list-row', { has: name }).first();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Shows the status bar item's hover. One that ends since the item is drawn anew is asked for again. */
  async hover(): Promise<Locator> {
    const hover = this.page.locator('.workbench-hover:visible', { hasText: 'Hugging Face' });
    const shown = async (timeout: number) => {
      await this.statusBarItem.hover();
      await hover.waitFor({ timeout });
    };
    try {
      await shown(3_000);
    } catch {
      await this.lookAway();
      await shown(7_000);
    }
    return hover;
  }

  /** Takes the mouse, and with it every hover, out of the way. */
  async lookAway(): Promise<void> {
    await this.page.mouse.move(700, 300);
    await this.page.locator('.workbench-hover:visible').waitFor({ state: 'hidden' });
  }

  async picture(name: string): Promise<void> {
    await takePicture(this.page, name);
  }
}

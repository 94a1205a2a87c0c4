import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Host {
  readonly port: number;
  readonly authority: string;
  readonly dirs: {
    readonly root: string;
    readonly data: string;
    readonly ext: string;
    readonly ws: string;
    readonly home: string;
  };
  url(options?: { development?: string; tests?: string; inspect?: string; workspaceFile?: string }): string;
  storage(extensionId: string): string;
  stop(options?: { keep?: boolean }): Promise<void>;
  log(): string;
  readonly pid: number;
}

export interface HostOptions {
  extensions?: readonly string[];
  driver?: boolean;
  settings?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, string>>;
  execArgv?: readonly string[];
  workspace?: string;
  args?: Readonly<Record<string, unknown>>;
}

export function startHost(options?: HostOptions): Promise<Host>;
export function launchBrowser(): Promise<Browser>;
export function openWindow(
  browser: Browser,
  url: string,
  options?: { context?: BrowserContext; viewport?: { width: number; height: number } },
): Promise<Page>;

import type { Ledger } from '../ledger/ledger.ts';
import { type FoundToken, findHfTokens, readHfToken } from './hfTokens.ts';
import type { Log } from './log.ts';
import type { SessionSummary, TokenSource } from './snapshot.ts';

/** VS Code's SecretStorage, as far as it is needed. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  keys(): PromiseLike<string[]>;
}

export interface Session {
  readonly summary: SessionSummary;
  readonly token: string;
}

const SECRET_PREFIX = 'headroom.token.';
const ACTIVE = 'sessions.active';
const ACCEPTED = 'sessions.accepted';
/** The value of ACTIVE after signing out: another account is not taken up unasked. */
const NOBODY = 'nobody';

/**
 * The accounts that the user signed in with. Our own tokens are in the secret store and nowhere else; those of HF's
 * tools are followed where they are, once the user has accepted them. Which one is active is a preference in the
 * ledger, so that all windows agree.
 */
export class Sessions {
  private readonly secrets: SecretStore;
  private readonly ledger: Ledger;
  private readonly log: Log;
  private readonly find: () => FoundToken[];
  private readonly read: typeof readHfToken;

  constructor(options: {
    secrets: SecretStore;
    ledger: Ledger;
    log: Log;
    find?: () => FoundToken[];
    read?: typeof readHfToken;
  }) {
    this.secrets = options.secrets;
    this.ledger = options.ledger;
    this.log = options.log;
    this.find = options.find ?? findHfTokens;
    this.read = options.read ?? readHfToken;
  }

  /** The session whose limits are shown; undefined when signed out or when its token is gone. */
  async active(): Promise<Session | undefined> {
    const all = await this.list();
    const id = this.ledger.getPreference(ACTIVE);
    const summary = id === undefined ? all[0] : all.find(session => session.id === id);
    const token = summary && (await this.token(summary.source));
    return summary && token ? { summary, token } : undefined;
  }

  /** Every account that can be switched to: ours first, then the accepted ones of HF's tools. */
  async list(): Promise<SessionSummary[]> {
    const names = (await this.secretKeys()).filter(key => key.startsWith(SECRET_PREFIX));
    const ours = names.map(key =>
      summarize({ kind: 'secret-storage', name: key.slice(SECRET_PREFIX.length) }),
    );
    return [...ours.sort((a, b) => a.label.localeCompare(b.label)), ...this.accepted().map(summarize)];
  }

  /** Tokens of HF's own tools that the user has not accepted yet: to be offered, never taken. */
  offers(): FoundToken[] {
    const accepted = new Set(this.accepted().map(sourceId));
    return this.find().filter(({ source }) => !accepted.has(sourceId(source)));
  }

  /** Keeps a token that the user gave us under the account's name, and makes it the active one. */
  async keep(name: string, token: string): Promise<void> {
    await this.secrets.store(SECRET_PREFIX + name, token);
    this.activate(sourceId({ kind: 'secret-storage', name }));
  }

  /** Follows a token of HF's own tools from now on, and makes it the active one. */
  accept(source: TokenSource): void {
    const id = sourceId(source);
    const others = this.accepted().filter(known => sourceId(known) !== id);
    this.ledger.setPreference(ACCEPTED, JSON.stringify([...others, source]));
    this.activate(id);
  }

  activate(id: string): void {
    this.ledger.setPreference(ACTIVE, id);
  }

  /** Forgets a session: our own token is deleted, one of HF's tools is only no longer followed. */
  async signOut(session: SessionSummary): Promise<void> {
    if (session.source.kind === 'secret-storage')
      await this.secrets.delete(SECRET_PREFIX + session.source.name);
    else {
      const rest = this.accepted().filter(source => sourceId(source) !== session.id);
      this.ledger.setPreference(ACCEPTED, JSON.stringify(rest));
    }
    if (this.ledger.getPreference(ACTIVE) === session.id) this.ledger.setPreference(ACTIVE, NOBODY);
  }

  private async token(source: TokenSource): Promise<string | undefined> {
    if (source.kind !== 'secret-storage') return this.read(source);
    try {
      return await this.secrets.get(SECRET_PREFIX + source.name);
    } catch (error) {
      this.log.warn(`The editor's secret storage can't be read: ${String(error)}`);
      return undefined;
    }
  }

  private async secretKeys(): Promise<string[]> {
    try {
      return await this.secrets.keys();
    } catch (error) {
      this.log.warn(`The editor's secret storage can't be listed: ${String(error)}`);
      return [];
    }
  }

  private accepted(): TokenSource[] {
    const stored = this.ledger.getPreference(ACCEPTED);
    if (!stored) return [];
    try {
      return JSON.parse(stored) as TokenSource[];
    } catch {
      this.log.warn('The list of accepted token sources was unreadable; Headroom asks again.');
      return [];
    }
  }
}

/** A session's id: its source in one line, without the token. */
export function sourceId(source: TokenSource): string {
  switch (source.kind) {
    case 'secret-storage':
      return `secret-storage:${source.name}`;
    case 'environment':
      return `environment:${source.variable}`;
    case 'token-file':
      return `token-file:${source.path}`;
    case 'stored-token':
      return `stored-token:${source.path}#${source.name}`;
  }
}

function summarize(source: TokenSource): SessionSummary {
  return { id: sourceId(source), label: sourceLabel(source), source };
}

function sourceLabel(source: TokenSource): string {
  switch (source.kind) {
    case 'secret-storage':
    case 'stored-token':
      return source.name;
    case 'environment':
      return source.variable;
    case 'token-file':
      return source.path;
  }
}

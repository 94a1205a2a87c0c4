import type { Ledger } from '../ledger/ledger.ts';
import { type FoundToken, findHfTokens, readHfToken, tokenFileStamp } from './hfTokens.ts';
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

/** What was found of the session whose limits are shown. Neither: signed out. */
export interface SessionLook {
  readonly session?: Session;
  /** The source of the active session that holds no token now. */
  readonly gone?: TokenSource;
}

const secretPrefix = 'headroom.token.';
const activeKey = 'sessions.active';
const accepted = 'sessions.accepted';
/** The value of activeKey after signing out: another account is not taken up unasked. */
const nobody = 'nobody';
/** How the ids of our own sessions begin. */
const ours = sourceId({ kind: 'secret-storage', name: '' });

/**
 * The accounts that the user signed in with. Our own tokens are in the secret store and nowhere else; those of HF's
 * tools are followed where they are, once the user has accepted them. Which one is active is a preference in the
 * ledger, so that all windows agree.
 */
export class Sessions {
  readonly #secrets: SecretStore;
  readonly #ledger: Ledger;
  readonly #log: Log;
  readonly #find: () => FoundToken[];
  readonly #read: typeof readHfToken;
  #listFailure: string | undefined;

  constructor(options: {
    secrets: SecretStore;
    ledger: Ledger;
    log: Log;
    find?: () => FoundToken[];
    read?: typeof readHfToken;
  }) {
    this.#secrets = options.secrets;
    this.#ledger = options.ledger;
    this.#log = options.log;
    this.#find = options.find ?? findHfTokens;
    this.#read = options.read ?? readHfToken;
  }

  /** Looks who is active. Rejects when the secret store can't be read: then nobody knows. */
  async look(): Promise<SessionLook> {
    const source = await this.#activeSource();
    if (!source) return {};
    const token = await this.#token(source);
    return token ? { session: { summary: summarize(source), token } } : { gone: source };
  }

  /** Differs when another session was chosen or the file of its token has been written. Asks no secret store. */
  stamp(): string {
    const active = this.#ledger.getPreference(activeKey);
    const followed = this.#accepted().filter(source => active === undefined || sourceId(source) === active);
    return JSON.stringify([active, followed.map(source => [sourceId(source), tokenFileStamp(source)])]);
  }

  /** Every account that can be switched to: ours first, then the accepted ones of HF's tools. */
  async list(): Promise<SessionSummary[]> {
    return [...(await this.#ours()), ...this.#accepted()].map(summarize);
  }

  /** Tokens of HF's own tools that the user has not accepted yet: to be offered, never taken. */
  offers(): FoundToken[] {
    const accepted = new Set(this.#accepted().map(sourceId));
    return this.#find().filter(({ source }) => !accepted.has(sourceId(source)));
  }

  /** Keeps a token that the user gave us under the account's name, and makes it the active one. */
  async keep(name: string, token: string): Promise<void> {
    await this.#secrets.store(secretPrefix + name, token);
    this.activate(sourceId({ kind: 'secret-storage', name }));
  }

  /** Follows a token of HF's own tools from now on, and makes it the active one. */
  accept(source: TokenSource): void {
    const id = sourceId(source);
    const others = this.#accepted().filter(known => sourceId(known) !== id);
    this.#keepAccepted([...others, source]);
    this.activate(id);
  }

  activate(id: string): void {
    this.#ledger.setPreference(activeKey, id);
  }

  /** Forgets a session: our own token is deleted, one of HF's tools is only no longer followed. */
  async signOut(session: SessionSummary): Promise<void> {
    const wasActive = this.#ledger.getPreference(activeKey) ?? (await this.#first())?.id;
    if (session.source.kind === 'secret-storage')
      await this.#secrets.delete(secretPrefix + session.source.name);
    else this.#keepAccepted(this.#accepted().filter(source => sourceId(source) !== session.id));
    if (wasActive === session.id) this.#ledger.setPreference(activeKey, nobody);
  }

  /** Without a choice, as in a ledger that was begun anew, the first one that the user once signed in with. */
  async #activeSource(): Promise<TokenSource | undefined> {
    const id = this.#ledger.getPreference(activeKey);
    if (id === undefined) return (await this.#first())?.source;
    if (id.startsWith(ours)) return { kind: 'secret-storage', name: id.slice(ours.length) };
    return this.#accepted().find(source => sourceId(source) === id);
  }

  async #first(): Promise<SessionSummary | undefined> {
    return (await this.list())[0];
  }

  async #token(source: TokenSource): Promise<string | undefined> {
    if (source.kind === 'secret-storage') return await this.#secrets.get(secretPrefix + source.name);
    return this.#read(source);
  }

  async #ours(): Promise<TokenSource[]> {
    try {
      const keys = (await this.#secrets.keys()).filter(key => key.startsWith(secretPrefix));
      this.#listFailure = undefined;
      const names = keys.map(key => key.slice(secretPrefix.length));
      return names.sort((a, b) => a.localeCompare(b)).map(name => ({ kind: 'secret-storage', name }));
    } catch (error) {
      const failure = String(error);
      if (failure !== this.#listFailure) {
        this.#log.warn(`The editor's secret storage can't be listed: ${failure}`);
      }
      this.#listFailure = failure;
      return [];
    }
  }

  #accepted(): TokenSource[] {
    const stored = this.#ledger.getPreference(accepted);
    if (!stored) return [];
    try {
      const list: unknown = JSON.parse(stored);
      if (Array.isArray(list) && list.every(isAcceptable)) return list;
    } catch {
      // told below
    }
    this.#log.warn('The list of accepted token sources was unreadable; Headroom asks again.');
    this.#keepAccepted([]);
    return [];
  }

  #keepAccepted(sources: readonly TokenSource[]): void {
    this.#ledger.setPreference(accepted, JSON.stringify(sources));
  }
}

type ForeignSource = Exclude<TokenSource, { kind: 'secret-storage' }>;

/** A source as `accept` wrote it. */
function isAcceptable(value: unknown): value is ForeignSource {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, variable, path, name } = value as Record<string, unknown>;
  switch (kind) {
    case 'environment':
      return typeof variable === 'string';
    case 'token-file':
      return typeof path === 'string';
    case 'stored-token':
      return typeof path === 'string' && typeof name === 'string';
    default:
      return false;
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

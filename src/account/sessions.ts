import * as v from 'valibot';
import type { Ledger } from '../ledger/ledger.ts';
import { type FoundToken, findHfTokens, readHfToken, tokenFileStamp } from './hfTokens.ts';
import type { Log } from './log.ts';
import type { SessionProblem, SessionSummary, TokenSource } from './snapshot.ts';

/** The part of VS Code's SecretStorage that is used. */
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

/** The active session, or why it can't be used. Empty: signed out. */
export interface SessionLook {
  readonly session?: Session;
  readonly problem?: SessionProblem;
}

interface SessionsOptions {
  readonly secrets: SecretStore;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly find?: typeof findHfTokens;
  readonly read?: typeof readHfToken;
}

const secretPrefix = 'headroom.token.';
const activeKey = 'sessions.active';
const accepted = 'sessions.accepted';
/** The value of `activeKey` after signing out: no other account is used unasked. */
const signedOutId = 'nobody';
/** The prefix of the ids of our own sessions. */
const ours = sourceId({ kind: 'secret-storage', name: '' });

/**
 * The accounts that the user signed in with. Our own tokens are in the secret store only. Tokens of HF's
 * tools are read where they are, once the user has accepted them. The active session is a preference in the
 * ledger, so that all windows agree.
 */
export class Sessions {
  readonly #options: Required<SessionsOptions>;
  #listFailure: string | undefined;

  constructor(options: SessionsOptions) {
    this.#options = { find: findHfTokens, read: readHfToken, ...options };
  }

  /** The active session. Rejects when the secret store can't be read. */
  async look(): Promise<SessionLook> {
    const source = await this.#activeSource();
    if (!source) return {};
    const token =
      source.kind === 'secret-storage'
        ? await this.#options.secrets.get(secretPrefix + source.name)
        : this.#options.read(source);
    if (!token) return { problem: { kind: 'token-gone', source } };
    return { session: { summary: summarize(source), token } };
  }

  /** Differs after a switch or a write to the token's file. Does not read the secret store. */
  stamp(): string {
    const active = this.#options.ledger.getPreference(activeKey);
    const followed = this.#accepted().filter(source => active === undefined || sourceId(source) === active);
    return JSON.stringify([active, followed.map(source => [sourceId(source), tokenFileStamp(source)])]);
  }

  /** All accounts: ours first, then the accepted ones of HF's tools. */
  async list(): Promise<SessionSummary[]> {
    return [...(await this.#ours()), ...this.#accepted()].map(summarize);
  }

  /** Tokens of HF's tools that the user has not accepted: offered, never used. */
  offers(): FoundToken[] {
    const accepted = new Set(this.#accepted().map(sourceId));
    return this.#options.find().filter(({ source }) => !accepted.has(sourceId(source)));
  }

  /** Stores the user's token under the account's name, and makes it active. */
  async keep(name: string, token: string): Promise<void> {
    await this.#options.secrets.store(secretPrefix + name, token);
    this.activate(sourceId({ kind: 'secret-storage', name }));
  }

  /** Uses a token of HF's tools from now on, and makes it active. */
  accept(source: TokenSource): void {
    const id = sourceId(source);
    const others = this.#accepted().filter(known => sourceId(known) !== id);
    this.#keepAccepted([...others, source]);
    this.activate(id);
  }

  activate(id: string): void {
    this.#options.ledger.setPreference(activeKey, id);
  }

  /** Deletes our own token; a token of HF's tools is only no longer used. */
  async signOut(session: SessionSummary): Promise<void> {
    const wasActive = this.#options.ledger.getPreference(activeKey) ?? (await this.#first())?.id;
    if (session.source.kind === 'secret-storage')
      await this.#options.secrets.delete(secretPrefix + session.source.name);
    else this.#keepAccepted(this.#accepted().filter(source => sourceId(source) !== session.id));
    if (wasActive === session.id) this.#options.ledger.setPreference(activeKey, signedOutId);
  }

  /** Without a preference, as in a new ledger: the first account in the list. */
  async #activeSource(): Promise<TokenSource | undefined> {
    const id = this.#options.ledger.getPreference(activeKey);
    if (id === undefined) return (await this.#first())?.source;
    if (id.startsWith(ours)) return { kind: 'secret-storage', name: id.slice(ours.length) };
    return this.#accepted().find(source => sourceId(source) === id);
  }

  async #first(): Promise<SessionSummary | undefined> {
    return (await this.list())[0];
  }

  async #ours(): Promise<TokenSource[]> {
    try {
      const keys = (await this.#options.secrets.keys()).filter(key => key.startsWith(secretPrefix));
      this.#listFailure = undefined;
      const names = keys.map(key => key.slice(secretPrefix.length));
      return names.sort((a, b) => a.localeCompare(b)).map(name => ({ kind: 'secret-storage', name }));
    } catch (error) {
      const failure = String(error);
      if (failure !== this.#listFailure) {
        this.#options.log.warn(`The editor's secret storage can't be listed: ${failure}`);
      }
      this.#listFailure = failure;
      return [];
    }
  }

  #accepted(): TokenSource[] {
    const stored = this.#options.ledger.getPreference(accepted);
    if (!stored) return [];
    const { success, output } = v.safeParse(acceptedSchema, stored);
    if (success) return output;
    this.#options.log.warn('The list of accepted token sources is unreadable; Headroom asks for them again.');
    this.#keepAccepted([]);
    return [];
  }

  #keepAccepted(sources: readonly TokenSource[]): void {
    this.#options.ledger.setPreference(accepted, JSON.stringify(sources));
  }
}

/** Sources in the form that `accept` writes. */
const acceptedSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('environment'), variable: v.string() }),
      v.object({ kind: v.literal('token-file'), path: v.string() }),
      v.object({ kind: v.literal('stored-token'), path: v.string(), name: v.string() }),
    ]),
  ),
);

/** A session's id: its source in one line. */
export function sourceId(source: TokenSource): string {
  const place = source.kind === 'stored-token' ? `${source.path}#` : '';
  return `${source.kind}:${place}${sourceLabel(source)}`;
}

function summarize(source: TokenSource): SessionSummary {
  return { id: sourceId(source), label: sourceLabel(source), source };
}

function sourceLabel(source: TokenSource): string {
  if ('name' in source) return source.name;
  return 'path' in source ? source.path : source.variable;
}

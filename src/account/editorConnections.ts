import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Servers } from '../hub/servers.ts';
import { stateFolder } from './stateFolder.ts';

type Texts = Readonly<Record<string, string>>;

/** Where an editor's user lets tokens go. Written by the extension, read by the CLI in a terminal of an editor. */
export interface EditorConnections {
  /** The extension's own folder in that editor. */
  readonly storage: string;
  /** User settings, unchecked; a missing one: Hugging Face's. */
  readonly servers: Partial<Servers>;
  /** User setting by provider id, unchecked. */
  readonly providerUrls: Texts;
  /** The editor's own values of `certificateVariables`. */
  readonly certificates: Texts;
}

/** Variables that decide which servers' certificates are accepted. */
export const certificateVariables = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_TLS_REJECT_UNAUTHORIZED',
] as const;

/**
 * The folder of these files. It does not follow HOME, XDG_STATE_HOME or LOCALAPPDATA: a workspace can set variables of
 * its terminals. Undefined: the system's user database has no home for this user, as in some containers.
 */
export function editorsFolder(): string | undefined {
  try {
    return path.join(stateFolder({}, os.userInfo().homedir), 'editors');
  } catch {
    return undefined;
  }
}

/** @param environment the editor's own */
export function editorConnections(
  storage: string,
  { servers, providerUrls }: { readonly servers: Partial<Servers>; readonly providerUrls: unknown },
  environment: Readonly<Record<string, string | undefined>>,
): EditorConnections {
  const certificates = Object.fromEntries(certificateVariables.map(name => [name, environment[name]]));
  return {
    storage,
    servers: textsIn(servers),
    providerUrls: textsIn(providerUrls),
    certificates: textsIn(certificates),
  };
}

/** Replaces this editor's file, and deletes those of editors whose extension is gone. Throws what the disk throws. */
export function writeEditorConnections(folder: string, connections: EditorConnections): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(connections.storage).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.json`);
  // a command may be reading the old one: written aside, then renamed
  const part = `${file}.${process.pid}`;
  fs.writeFileSync(part, JSON.stringify(connections), { mode: 0o600 });
  fs.renameSync(part, file);
  for (const other of filesIn(folder).filter(each => each !== file)) {
    const storage = readFile(other)?.storage;
    if (storage === undefined || !fs.existsSync(storage)) fs.rmSync(other, { force: true });
  }
}

/** Of all editors of this user on this machine; a damaged file counts as none. */
export function readEditorConnections(folder = editorsFolder()): EditorConnections[] {
  if (folder === undefined) return [];
  return filesIn(folder)
    .map(readFile)
    .filter(found => found !== undefined)
    .filter(({ storage }) => fs.existsSync(storage));
}

function filesIn(folder: string): string[] {
  try {
    const names = fs.readdirSync(folder).filter(name => name.endsWith('.json'));
    return names.sort().map(name => path.join(folder, name));
  } catch {
    return [];
  }
}

function readFile(file: string): EditorConnections | undefined {
  try {
    const { storage, servers, providerUrls, certificates } = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof storage !== 'string') return undefined;
    return {
      storage,
      servers: textsIn(servers),
      providerUrls: textsIn(providerUrls),
      certificates: textsIn(certificates),
    };
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): Texts {
  const entries = Object.entries(value ?? {}).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(entries);
}

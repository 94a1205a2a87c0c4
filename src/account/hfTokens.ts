import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TokenSource } from './snapshot.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A token that one of HF's own tools left on this machine. */
export interface FoundToken {
  readonly source: TokenSource;
  readonly token: string;
}

const VARIABLES = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'];

/**
 * Every token that `huggingface_hub` would know of, in its order of precedence: the environment, the token file,
 * then the named ones of `hf auth login`. Source: huggingface_hub `utils/_auth.py` and `constants.py`.
 */
export function findHfTokens(environment: Environment = process.env, home = os.homedir()): FoundToken[] {
  const found: FoundToken[] = [];
  for (const variable of VARIABLES) {
    const token = clean(environment[variable]);
    if (token) found.push({ source: { kind: 'environment', variable }, token });
  }
  const { tokenFile, storedTokens } = tokenPaths(environment, home);
  const token = clean(readIfThere(tokenFile));
  if (token) found.push({ source: { kind: 'token-file', path: tokenFile }, token });
  for (const [name, named] of parseStoredTokens(readIfThere(storedTokens) ?? '')) {
    found.push({ source: { kind: 'stored-token', path: storedTokens, name }, token: named });
  }
  return found;
}

/** The token that a source holds now; undefined when it is gone. */
export function readHfToken(
  source: Exclude<TokenSource, { kind: 'secret-storage' }>,
  environment: Environment = process.env,
): string | undefined {
  switch (source.kind) {
    case 'environment':
      return clean(environment[source.variable]);
    case 'token-file':
      return clean(readIfThere(source.path));
    case 'stored-token':
      return parseStoredTokens(readIfThere(source.path) ?? '').get(source.name);
  }
}

function tokenPaths(environment: Environment, home: string): { tokenFile: string; storedTokens: string } {
  const expand = (file: string) => expandVariables(expandHome(file, home), environment);
  const cache = environment.XDG_CACHE_HOME || path.join(home, '.cache');
  const hfHome = expand(environment.HF_HOME || path.join(cache, 'huggingface'));
  const tokenFile = expand(environment.HF_TOKEN_PATH || path.join(hfHome, 'token'));
  return { tokenFile, storedTokens: path.join(path.dirname(tokenFile), 'stored_tokens') };
}

function expandHome(file: string, home: string): string {
  return file === '~' || file.startsWith('~/') ? path.join(home, file.slice(1)) : file;
}

/** As Python's `expandvars` does on POSIX: an unknown variable stays as it is written. */
function expandVariables(file: string, environment: Environment): string {
  return file.replace(
    /\$(?:(\w+)|\{([^}]*)\})/g,
    (written, name, braced) => environment[name ?? braced] ?? written,
  );
}

/**
 * Python's configparser format, `[name]` and `hf_token = …`. npm's `ini` would split a name at its dots
 * (`[laptop.work]`) into nested objects, hence these lines.
 */
function parseStoredTokens(text: string): Map<string, string> {
  const tokens = new Map<string, string>();
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[(.+)\]\s*$/.exec(line);
    if (section) name = section[1] ?? '';
    const entry = /^hf_token\s*[=:]\s*(\S+)\s*$/i.exec(line);
    if (entry?.[1] && name) tokens.set(name, entry[1]);
  }
  return tokens;
}

/** HF's tools strip white space and newlines: a token pasted with one works there, and here. */
function clean(token: string | undefined): string | undefined {
  return token?.replace(/\s+/g, '') || undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // not there or not readable: HF's tools treat both as no token
    return undefined;
  }
}

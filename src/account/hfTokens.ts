import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mostTokenFileBytes } from '../limits/bounds.ts';
import { isGatewayKey } from '../limits/refusals/gatewayKey.ts';
import type { TokenSource, ToolTokenSource } from './snapshot.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A token that one of HF's tools left on this machine. */
export interface FoundToken {
  readonly source: ToolTokenSource;
  readonly token: string;
}

const variables = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'];

/**
 * All tokens that `huggingface_hub` finds, in its order of precedence: the environment, the token file, then
 * the named ones of `hf auth login`. Source: huggingface_hub `utils/_auth.py` and `constants.py`.
 */
export function findHfTokens(environment: Environment = process.env, home = os.homedir()): FoundToken[] {
  return everythingFound(environment, home).filter(({ token }) => !isGatewayKey(token));
}

/** Sources that hold a key of the gateway: sent to Hugging Face, it would no longer be secret. */
export function gatewayKeysFound(
  environment: Environment = process.env,
  home = os.homedir(),
): ToolTokenSource[] {
  return everythingFound(environment, home).flatMap(({ source, token }) =>
    isGatewayKey(token) ? [source] : [],
  );
}

function everythingFound(environment: Environment, home: string): FoundToken[] {
  const found: FoundToken[] = [];
  for (const variable of variables) {
    const token = clean(environment[variable]);
    if (token) found.push({ source: { kind: 'environment', variable }, token });
  }
  const { tokenFile, storedTokens } = tokenPaths(environment, home);
  const token = tokenIn(readIfThere(tokenFile));
  if (token) found.push({ source: { kind: 'token-file', path: tokenFile }, token });
  for (const [name, named] of parseStoredTokens(readIfThere(storedTokens) ?? '')) {
    found.push({ source: { kind: 'stored-token', path: storedTokens, name }, token: named });
  }
  return found;
}

/** The token of a source; undefined when it is gone. */
export function readHfToken(
  source: ToolTokenSource,
  environment: Environment = process.env,
): string | undefined {
  const token = read(source, environment);
  return token !== undefined && isGatewayKey(token) ? undefined : token;
}

function read(source: ToolTokenSource, environment: Environment): string | undefined {
  switch (source.kind) {
    case 'environment':
      return clean(environment[source.variable]);
    case 'token-file':
      return tokenIn(readIfThere(source.path));
    case 'stored-token':
      return parseStoredTokens(readIfThere(source.path) ?? '').get(source.name);
  }
}

/** Differs after a source's file was written; empty for a source without a file. */
export function tokenFileStamp(source: TokenSource): string {
  if (!('path' in source)) return '';
  try {
    const { mtimeMs, size, ino } = fs.statSync(source.path);
    return [mtimeMs, size, ino].join(' ');
  } catch {
    return 'none';
  }
}

/** The token files of HF's tools. */
export function tokenPaths(
  environment: Environment,
  home: string,
  platform: NodeJS.Platform = process.platform,
): { tokenFile: string; storedTokens: string } {
  const { join, dirname } = platform === 'win32' ? path.win32 : path.posix;
  const expand = (file: string) => expandVariables(expandHome(file, home, platform), environment, platform);
  const cache = environment.XDG_CACHE_HOME || join(home, '.cache');
  const hfHome = expand(environment.HF_HOME || join(cache, 'huggingface'));
  const tokenFile = expand(environment.HF_TOKEN_PATH || join(hfHome, 'token'));
  return { tokenFile, storedTokens: join(dirname(tokenFile), 'stored_tokens') };
}

function expandHome(file: string, home: string, platform: NodeJS.Platform): string {
  const isHome = platform === 'win32' ? /^~(?=[\\/]|$)/ : /^~(?=\/|$)/;
  return file.replace(isHome, () => home);
}

/** Like Python's `expandvars`: an unknown variable stays as written; `%NAME%` on Windows only. */
function expandVariables(file: string, environment: Environment, platform: NodeJS.Platform): string {
  const variable = platform === 'win32' ? /\$(?:(\w+)|\{([^}]*)\})|%([^%]+)%/g : /\$(?:(\w+)|\{([^}]*)\})/g;
  return file.replace(
    variable,
    (written, name, braced, percent) => environment[name ?? braced ?? percent] ?? written,
  );
}

/**
 * Python's configparser format: `[name]` and `hf_token = …`. npm's `ini` would split a name at its dots
 * (`[laptop.work]`) into nested objects.
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

/** Without white space, as in HF's tools: a token that was pasted with a newline works there too. */
function clean(token: string | undefined): string | undefined {
  return token?.replace(/\s+/g, '') || undefined;
}

/** Undefined for other words than a token's: HF_TOKEN_PATH may lead to a private key, which is not sent to anybody. */
function tokenIn(text: string | undefined): string | undefined {
  const token = clean(text);
  return token !== undefined && /^[\w.-]+$/.test(token) ? token : undefined;
}

/** Regular files only: a pipe would never end. */
function readIfThere(file: string): string | undefined {
  try {
    const stat = fs.statSync(file);
    if (!stat.isFile() || stat.size > mostTokenFileBytes) return undefined;
    return fs.readFileSync(file, 'utf8');
  } catch {
    // HF's tools treat a missing and an unreadable file as no token.
    return undefined;
  }
}

import { longestCommandRead } from '../bounds.ts';
import { type Expected, isHarmless, isKnownProgram, isLikeName } from './harmlessWords.ts';
import { redact, redactKeys } from './redact.ts';
import { isSecretName } from './secretNames.ts';
import { type ShellWord, shellWords } from './shellWords.ts';
import { shownUrl } from './shownUrl.ts';

/** A value that is not shown. */
const dropped = '…';

/**
 * A command line as its program, the names of its options and variables, and the values that are known to be harmless:
 * `TOGETHER_API_KEY=… python eval.py --model org/name`. Of URLs host and path. Secrets may have any form, so everything
 * else is `…`. Reads the quotes and operators of sh, fish, PowerShell and cmd as far as they are alike, and drops what it
 * does not know. On one line. A second pass changes nothing.
 */
export function shownCommand(commandLine: string): string {
  const shown: string[] = [];
  const command = new Command();
  for (const word of shellWords(commandLine.slice(0, longestCommandRead))) {
    const text = word.kind === 'operator' ? command.operator(word.text) : command.word(word);
    if (text !== dropped || shown.at(-1)?.endsWith(dropped) !== true) shown.push(text);
  }
  return redactKeys(shown.join(' '), dropped);
}

const wrappers = new Set(
  ['sudo', 'env', 'command', 'time', 'nohup', 'exec', 'nice', 'doas'].concat(['then', 'do', 'else', 'if']),
);
/** Their first word is the name of a variable, the rest its value. */
const setters = new Set(
  ['set', 'setx', 'setenv', 'export', 'declare', 'typeset'].concat(['local', 'readonly', 'read']),
);
/** Their arguments are models, also without an option. */
const modelPrograms = new Set(['hf', 'huggingface-cli', 'ollama', 'vllm', 'git-lfs', 'transformers']);
const modelName = /model|repo|checkpoint|pretrained|dataset/i;
/** Base64 may end in `=`. */
const assignment =
  /^((?:\$|env:|\$env:)?(?:[A-Z][A-Z0-9_]{0,60}|[a-z][a-z0-9_.-]{0,40}|[a-z]+(?:[A-Z][a-z]+){1,5}|[A-Z][a-z]+(?:-?[A-Z][a-z]+){0,5})\+?=)([^=][\s\S]*)$/;
const option = /^(--[a-z][a-z0-9_.-]{0,60}|-[a-z]{1,3}|-[a-z]\d{1,4})(?:=([\s\S]*))?$/i;
const assignedOption = /^--[a-z][a-z0-9_.-]{0,60}=/i;
const glued = /^-[a-z]/i;
const program = /^(?:[a-z]:)?[\w.~@+\\/-]{1,200}$/i;
const variable = /^\$?(?:env:)?[a-z_]\w{0,60}$/i;

/** One simple command after another, word by word. */
class Command {
  #state: 'program' | 'arguments' | 'variable' | 'value' = 'program';
  /** What the next word is to the one before it. */
  #next: Expected | 'secret' | undefined;
  #takesModels = false;
  /** Behind an operator or a line end a word may be the rest of a password, or one that was pasted. */
  #isFirst = true;

  operator(text: string): string {
    this.#next = undefined;
    this.#isFirst = false;
    if (text === '<<<') this.#next = 'secret';
    else if (text === ')') this.#state = 'arguments';
    else if (!/[<>]/.test(text)) this.#state = 'program';
    else if (this.#state === 'program') this.#state = 'arguments';
    return text;
  }

  word({ text, isQuoted }: ShellWord): string {
    const is = this.#next;
    this.#next = undefined;
    if (this.#state === 'value' || is === 'secret') return dropped;
    if (isQuoted ? assignedOption.test(text) : option.test(text)) return this.#option(text);
    if (!isQuoted && glued.test(text)) return `${text.slice(0, 2)}${dropped}`;
    const [, name, given = ''] = assignment.exec(text) ?? [];
    if (name !== undefined) {
      // a quoted value may hold `=`, too
      return isQuoted && /^[a-z]/.test(name) ? dropped : this.#assigned(name, given);
    }
    if (is === 'of-short-option') return shownValue(text, is);
    if (this.#state === 'program') return this.#program(text);
    if (this.#state === 'arguments') {
      // `hf auth login`
      if (text === 'auth' || text === 'login') this.#takesModels = false;
      return shownValue(text, is ?? (this.#takesModels ? 'model' : 'anything'));
    }
    this.#state = 'value';
    return isVariable(text) && !isQuoted ? text : dropped;
  }

  #option(text: string): string {
    const [, name = '', given] = option.exec(text) ?? [];
    if (!isLikeName(name.replace(/^-+/, ''))) return dropped;
    const isSecret = isSecretName(name);
    const expected = name === '-m' || modelName.test(name) ? 'model' : 'anything';
    if (given !== undefined) return `${name}=${isSecret ? dropped : shownValue(given, expected)}`;
    if (isSecret) this.#next = 'secret';
    else if (this.#state !== 'variable') {
      this.#next = expected === 'model' || name.startsWith('--') ? expected : 'of-short-option';
    }
    return name;
  }

  #assigned(name: string, given: string): string {
    if (this.#state === 'variable') this.#state = 'value';
    if (!isVariable(name.replace(/\+?=$/, ''))) return dropped;
    const isSecret = isSecretName(name.replace(/\+?=$/, ''));
    return name + (isSecret ? dropped : shownValue(given, modelName.test(name) ? 'model' : 'anything'));
  }

  #program(text: string): string {
    if (text.startsWith('$') && isVariable(text)) {
      // PowerShell: `$env:NAME = value`
      this.#state = 'value';
      return text;
    }
    const name = text.split(/[\\/]/).at(-1) ?? '';
    this.#takesModels = modelPrograms.has(name);
    if (!wrappers.has(name)) this.#state = setters.has(name) ? 'variable' : 'arguments';
    const isFirst = this.#isFirst;
    this.#isFirst = wrappers.has(name) && isFirst;
    const shown = [text, name].find(each => program.test(each) && redact(each) === each && isPath(each));
    const isProgram = isFirst || isKnownProgram(name) || wrappers.has(name) || setters.has(name);
    return (isProgram || /^\.{0,2}[\\/]/.test(text) ? shown : undefined) ?? dropped;
  }
}

function isPath(text: string): boolean {
  return text
    .split(/[\\/]/)
    .every(part => /^(?:|\.{1,2}|~|[a-z]:)$/i.test(part) || isLikeName(part.replace(/^\./, '')));
}

function isVariable(text: string): boolean {
  return variable.test(text) && isLikeName(text.replace(/^\$?(?:env:)?_*/, ''));
}

function shownValue(text: string, expected: Expected): string {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]{1,15}:\/\/)(\S+)$/i.exec(text) ?? [];
  if (scheme !== undefined) return scheme + shownUrl(rest);
  return text === '' || isHarmless(text, expected) ? text : dropped;
}

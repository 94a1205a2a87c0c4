import { longestCommandRead } from '../limits/bounds.ts';
import { shellWords } from '../limits/refusals/shellWords.ts';

/** Programs that show or search text: a refusal in their output happened elsewhere or never. */
const viewers =
  words(`ack ag apropos awk bat batcat base64 cat cmp code codium colordiff column comm cursor cut delta diff
  difft echo ed egrep emacs emacsclient eza exa fd fgrep file find findstr fmt fold fzf gawk gc gedit get-content glow grep
  hd head helix hexdump history hx info joe jq kak kate less lnav ls lsd man mate mdcat micro more most multitail nano nl
  nvim od out-host pbpaste pr printf pygmentize rg rev sdiff sed select-string sift sls sort strings subl tac tail tee
  tldr tr tree type ug uniq vi view vim vimdiff w3m wc which write-host write-output xclip xmllint xsel xxd yq zcat zed
  zegrep zgrep zless zmore zstdcat bzcat xzcat journalctl gh glab hub tig lazygit gitui`);
/** They print nothing of interest and run nothing. */
const silent =
  words(`cd pushd popd set export unset alias clear cls pwd true false : chdir set-location sleep mkdir touch
  source . wait test [ exit`);
/** They run the command that follows. */
const runners =
  words(`sudo doas command builtin time nohup nice ionice stdbuf env exec winpty script unbuffer timeout
  caffeinate xargs parallel watch then do else if while until !`);
const shells = words('sh bash zsh dash fish ksh pwsh powershell cmd');
/** What of git may ask a server; all else shows or changes files. */
const gitOverNetwork =
  words(`clone fetch pull push ls-remote submodule remote lfs lfs-transfer xet annex checkout switch
  restore reset add worktree merge rebase cherry-pick am stash archive bundle maintenance sparse-checkout smudge`);
const testRunners =
  words(`pytest py.test tox nox jest vitest mocha ava jasmine tap c8 nyc phpunit rspec ctest karma
  cypress playwright nextest gotestsum unittest pytest-3`);

/** `text`: only shows text. `tests`: prints what tests expect, too. */
export type Shown = 'text' | 'tests' | undefined;

/** What the output of a command line is, as all its commands tell. */
export function shownBy(commandLine: string): Shown {
  let isText = false;
  let isTests = false;
  for (const command of commandsIn(commandLine.slice(0, longestCommandRead))) {
    const shown = shownByCommand(command);
    if (shown === 'silent') continue;
    if (shown === undefined) return undefined;
    isText ||= shown === 'text';
    isTests ||= shown === 'tests';
  }
  return isTests ? 'tests' : isText ? 'text' : undefined;
}

/** The words of each simple command. A pipe's first command decides unless a later one runs a program. */
function commandsIn(line: string): string[][] {
  const commands: string[][] = [[]];
  let skips = false;
  for (const { kind, text } of shellWords(line)) {
    if (kind === 'word') {
      if (!skips) commands.at(-1)?.push(text);
      skips = false;
    } else if (/[<>]/.test(text)) skips = !text.includes('&');
    else commands.push([]);
  }
  return commands.filter(command => command.length > 0);
}

function shownByCommand(command: readonly string[]): Shown | 'silent' {
  const words = [...command];
  while (words[0] !== undefined) {
    const word = words[0];
    const name = nameOf(word);
    if (/^[A-Za-z_]\w*=/.test(word) || runners.has(name)) {
      words.shift();
      // options of `sudo`, `timeout 10`
      while (words[0] !== undefined && /^(?:-|\d+[smh]?$)/.test(words[0])) {
        const takesValue =
          /^-[a-zA-Z]$/.test(words[0]) &&
          /^(?:[\w.-]+)$/.test(words[1] ?? '') &&
          optionTakesValue(words[0], name);
        words.splice(0, takesValue ? 2 : 1);
      }
      continue;
    }
    if (silent.has(name)) return 'silent';
    if (viewers.has(name)) return 'text';
    if (name === 'git') return shownByGit(words.slice(1));
    if (shells.has(name)) {
      const at = words.findIndex(each => /^(?:-[a-z]*c|-command|\/c)$/i.test(each));
      return at > 0 && words[at + 1] !== undefined ? shownBy(words[at + 1] ?? '') : undefined;
    }
    if (name === 'ssh') return shownBy(words.slice(2).join(' '));
    return isTestRun(name, words.slice(1)) ? 'tests' : undefined;
  }
  return 'silent';
}

function optionTakesValue(option: string, runner: string): boolean {
  return (
    (runner === 'sudo' && /^-[ugC]$/.test(option)) ||
    (runner === 'nice' && option === '-n') ||
    (runner === 'watch' && option === '-n') ||
    (runner === 'xargs' && /^-[nPLI]$/.test(option)) ||
    (runner === 'env' && /^-[uCS]$/.test(option)) ||
    (runner === 'timeout' && /^-[sk]$/.test(option))
  );
}

function shownByGit(words: readonly string[]): Shown {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (/^(?:-[Cc]|--(?:git-dir|work-tree|namespace|exec-path|super-prefix|config-env))$/.test(word))
      index += 1;
    else if (!word.startsWith('-')) {
      const isList =
        /^(?:stash|remote|worktree|submodule|bundle)$/.test(word) &&
        /^(?:list|show|-v|status|summary|get-url|verify)$/.test(words[index + 1] ?? '');
      return gitOverNetwork.has(word) && !isList ? undefined : 'text';
    }
  }
  return 'text';
}

function isTestRun(name: string, words: readonly string[]): boolean {
  if (testRunners.has(name)) return true;
  const [first = '', second = ''] = words.filter(word => !/^-/.test(word) || /^(?:-m|--test)$/.test(word));
  switch (name.replace(/^(python|pypy)[\d.]*$/, 'python')) {
    case 'python':
    case 'py':
      return first === '-m' && (testRunners.has(second) || second === 'doctest');
    case 'node':
    case 'deno':
    case 'bun':
      return first === '--test' || first === 'test';
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return (
        /^(?:t|tst|test)(?::|$)/.test(first) ||
        (/^(?:run|run-script|exec)$/.test(first) && /^test(?::|$)/.test(second)) ||
        testRunners.has(first) ||
        testRunners.has(second)
      );
    case 'npx':
    case 'pnpx':
    case 'bunx':
    case 'uvx':
      return testRunners.has(first);
    case 'uv':
    case 'poetry':
    case 'pipenv':
    case 'hatch':
    case 'pdm':
    case 'rye':
      return (
        first === 'run' && (testRunners.has(second) || (words.includes('-m') && words.includes('pytest')))
      );
    case 'go':
    case 'cargo':
    case 'dotnet':
    case 'mvn':
    case 'gradle':
    case 'gradlew':
    case 'swift':
    case 'mix':
    case 'make':
    case 'just':
    case 'task':
      return /^(?:test|nextest|check|verify)(?:[-:]|$)/.test(first);
    default:
      return false;
  }
}

/** `/usr/bin/git.exe` is git. */
function nameOf(word: string): string {
  return (word.split(/[\\/]/).at(-1) ?? '').replace(/\.exe$/i, '').toLowerCase() || word;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

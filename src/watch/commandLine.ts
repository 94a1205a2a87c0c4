import { redact } from '../limits/refusals/redact.ts';

const longest = 200;

/** Programs that show files: a refusal in their output happened elsewhere or never. */
const viewers =
  /^(?:cat|bat|less|more|head|grep|egrep|rg|ag|ack|sed|awk|jq|vi|vim|nvim|nano|emacs|man|diff|ls|find|fzf|strings|xxd|git (?:diff|log|show|blame|grep))\b/;

/** The command line without secrets, at most 200 characters; undefined: empty. */
export function programOf(commandLine: string): string | undefined {
  const line = redact(commandLine.replace(/\s+/g, ' ').trim());
  if (line === '') return undefined;
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** Whether the command only shows files. */
export function onlyShows(commandLine: string): boolean {
  return viewers.test(commandLine.trim().replace(/^(?:sudo|command|time) /, ''));
}

/** The URL in a command of curl, wget, HTTPie or xh. */
export function urlIn(commandLine: string): string | undefined {
  if (!/(?:^|[\s;|&(])(?:curl|wget|https?|xh)\s/.test(commandLine)) return undefined;
  return /\bhttps?:\/\/[^\s'"<>|;)]{1,500}/.exec(commandLine)?.[0];
}

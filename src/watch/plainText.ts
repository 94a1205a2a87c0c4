/**
 * Operating system commands (shell integration's marks among them), colours and cursor moves, other control
 * characters. `util.stripVTControlCharacters` leaves the text of operating system commands on Node 20, and
 * takes 80 ms for a line of 8,192 characters of them on Node 24.
 */
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences consist of them
  /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1a\x7f]/g;

/** A line as it looks: without control sequences. */
export function visible(raw: string): string {
  return raw.replace(sequences, '');
}

const frame = /^[│┃║]/;

/** The text in the box that Python's `rich` draws; undefined: no box. */
export function inBox(line: string): string | undefined {
  if (!frame.test(line)) return undefined;
  return (frame.test(line.at(-1) ?? '') ? line.slice(1, -1) : line.slice(1)).replace(/^ /, '').trimEnd();
}

/** A line without the file and line number that `rich` prints at its right. */
export function withoutPath(line: string): string {
  return /:\d{1,6}$/.test(line) ? line.replace(/(?<=\S) {1,200}[\w.<>-]{1,60}:\d{1,6}$/, '') : line;
}

const level = '(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|FATAL|CRITICAL|SEVERE|EXCEPTION)';
const clock = '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?';
const prefixes: readonly RegExp[] = [
  // ray: `(task pid=1, ip=10.0.0.1) `
  /^\([^()]{1,80}(?:\([^()]{0,80}\)[^()]{0,40})?\b(?:pid|ip)=[^()]{1,60}\) ?/,
  // docker compose, foreman, pm2: `ml-1  | `
  /^(?:\d{1,3}\|)?[\w.:-]{1,60} {0,30}\| ?/,
  // logs of jobs: `job	step	2026-03-01T10:11:12Z `
  /^\uFEFF?[^\t]{1,120}\t[^\t]{1,120}\t\uFEFF?/,
  /^##\[(?:error|warning|debug)\] ?|^::(?:error|warning)[^:]{0,120}:: ?/,
  // `2026-10-14 09:30:00,123`, `[2026-10-14T09:30:00.1Z]`, `[10/14/26 09:30:00]`, `09:30:00.1 AM`
  new RegExp(
    `^\\uFEFF?\\[?(?:\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]|\\d\\d/\\d\\d/\\d\\d(?:\\d\\d)? )?${clock}(?: ?[AP]M)?(?:Z| ?[+-]\\d\\d:?\\d\\d| UTC)?\\]?(?:[\\s:|-]{0,4}(?=\\S)|$)`,
  ),
  // syslog
  new RegExp(`^[A-Z][a-z]{2} [ \\d]\\d ${clock} [\\w.-]{1,60} [\\w./-]{1,60}(?:\\[\\d{1,9}\\])?: `),
  // glog
  new RegExp(`^[IWEF]\\d{4,8} ${clock} +\\d{1,9} [\\w./-]{1,80}:\\d{1,6}\\] `),
  // `WARNING:huggingface_hub.utils._http:`, `[error    ] `, `ERROR    | main:run:12 - `
  new RegExp(`^${level}:[\\w.$-]{1,80}:`),
  new RegExp(
    `^\\[?${level}\\]?(?: +\\|(?: [\\w.<>$:-]{1,80} - )?|(?: +\\[[^\\]]{1,80}\\])? - |:| +(?:[\\w.$-]{1,80}:[\\w./-]{1,80}:\\d{1,6} )?)\\s{0,12}(?=[^\\s\\d])`,
  ),
  // `name - LEVEL - `, `[thread] LEVEL name - `, `[rank0]: `, `[0] `, `[module][ERROR] - `
  new RegExp(`^(?:[\\w.$-]{1,80} )?- ?(?:[\\w.$-]{1,80} - )?${level} - `),
  new RegExp(`^[\\w.$-]{1,80} - ${level} - `),
  new RegExp(`^\\[[\\w.$ -]{1,60}\\] ?(?:\\[?${level}\\]?(?: [\\w.$-]{1,80})? ?[:-] ?|: )`),
  /^\[\w[\w.-]{0,30}\] (?=[A-Z{])/,
];
const mostPrefixes = 5;

/** What a logger, a runner of several programs or a job puts before a program's words. */
export function withoutPrefix(line: string): string {
  let rest = line;
  for (let count = 0; count < mostPrefixes; count++) {
    const found = prefixes.find(prefix => prefix.test(rest));
    if (!found) return rest;
    const next = rest.replace(found, '');
    if (next === rest) return rest;
    rest = next;
  }
  return rest;
}

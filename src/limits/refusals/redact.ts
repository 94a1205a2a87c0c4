import { rememberUnchanged } from '../headers/memo.ts';
import { hasOddPiece, hasRun, hasUnusualPiece, withoutRandomRuns } from './randomRuns.ts';
import { isSecretName, secretNameSource, secretSuffixSource } from './secretNames.ts';
import { shownUrl } from './shownUrl.ts';

const hidden = '[redacted]';

/** A value, in quotes (of JSON inside a string, too) or up to white space. The end of a quote may be missing. */
const value = [
  '[[({<]{0,2}\\\\{1,3}["\'`][^"\'`\\\\]*',
  '[[({<]{0,2}[bruf]{0,2}"(?:[^"\\\\]|\\\\[\\s\\S])*"?',
  "[[({<]{0,2}[bruf]{0,2}'(?:[^'\\\\]|\\\\[\\s\\S])*'?",
  '[[({<]{0,2}`[^`]*`?',
  '[^\\s"\'`]+',
].join('|');

const pem = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
const url = /:\/\/([^\s"'<>`|\\^{}]+)/g;
const cookie = /\b((?:set-)?cookie["']?)\s*[:=][^\r\n]*/gi;
const authorization = new RegExp(
  `\\b((?:proxy-)?authorization["'\`\\\\]{0,3}[ \\t]{0,3}[:=][ \\t]{0,3})(?:["'\`]?[\\w-]{1,30}[ \\t]+)?(?:${value})(?:"[^"]*")?(?:,[ \\t]*[\\w-]{1,40}=(?:"[^"]*"|[^\\s"'\`,]+))*`,
  'gi',
);
/** Behind a name such as `HF_TOKEN`, `"api_key"` or `API key provided`. */
const afterName = `(?<=(?:${secretNameSource})${secretSuffixSource}(?: (?:provided|given|used|is|was))?(?:["'\`\\\\\\]]|&quot;|&#3[49];){0,3}[ \\t]{0,3})`;
const assigned = new RegExp(
  `([:=>](?<=${afterName}[:=>])(?:(?<=:)=|(?<==)>)?)([ \\t]{0,3})((?:(?:bearer|basic|token|key)[ \\t]+)?(?:${value}))`,
  'gi',
);
const option = new RegExp(`(-(?<![\\w-]-)-?[a-z][\\w.-]{0,60})([ \\t]{1,3})(?!-|\\[)(?:${value})`, 'gi');
const userOption = /(-(?<![\w-]-)(?:u|-user|-proxy-user|U))([ \t]{0,3}["']?)[^\s:"']{0,128}:[^\s"']{1,256}/g;
const userInfo = /(?<![\w.@/-])[\w.%+-]{1,64}:[^\s:@/"'`]{1,128}@(?=[\w-]+[.:/])/g;
const bearer = /\b(bearer)(\s+)(?!(?:tokens?|auth\w*|realm|credentials?|scheme|header)\b)[\w.~+/=:-]{6,}/gi;
const basic = /\b([Bb]asic|BASIC)(\s+)(?=\S{0,256}?(?:[\d=_+/]|[a-z][A-Z]))[\w.~+/=:-]{6,}/g;
const quotedAfter = /\b(token|key|secret|password)(\s+)(["'`])[^"'`\s]{6,}\3/gi;
/** Begins with a long piece that is no plain word, or is four groups of four letters, as Google writes passwords. */
const unusual =
  /(?<![A-Za-z0-9])(?:(?=[A-Za-z0-9]{8})[A-Z]?[a-z]*[A-Z0-9][\w+/=.~%-]*|[a-z]{4}(?: [a-z]{4}){3}(?![A-Za-z0-9]))/g;
/** What stands between a name and its value: `": {"value": "`, ` is (`, ` → `. */
const between =
  '(?:&[a-z]{2,5};|&#\\d{2,3};|\\\\u00[0-9a-f]{2}|[^a-z0-9]|(?<![a-z])(?:is|was|value|null|name|data|string|provided)(?![a-z])){0,24}';
/** Where it stands a value begins. Sticky, and read backwards, so that few characters are looked at. */
const named = new RegExp(
  `(?<=(?:${secretNameSource})(?:[-_.][a-z0-9]{1,16}|\\d{1,3})?${between}(?:[a-z0-9]{1,7}[-_.])?)`,
  'iy',
);
const shortestNamed = 8;
/** The space first: it is rarer than letters. */
const fours = / .... .... ....(?<=[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4})/;
const numbered = /\b(token|key|secret|password)(\s+)(?=[\w.-]{0,64}\d)[\w.-]{8,}/gi;
const jsonToken = /\beyJ[\w-]{6,}(?:\.[\w-]+)*/g;
/**
 * Prefixes of keys whose rest may be short or letters only; others are found as random. Their forms are in gitleaks'
 * rules (config/gitleaks.toml at b58d3f1), those of AI providers in their documentation. No scanner is small enough to
 * take its rules from there: secretlint's are 342 KB.
 */
const markedPrefixes =
  'hf_|api_org_|sk-|[srp]k_|gsk_|csk-|fw_|r8_|tgp_|key[-_](?=[\\w-]{0,40}\\d)|xai-|pplx-|nvapi-|jina_|lin_api_|ntn_|npm_|ya29\\.|gh[opusr]_|github_pat_|gl(?:pat|cbt|dt|ft|rt|soat|ptt|imt|agent|oas|ffct)-|xox[a-z]-|xapp-|pypi-|do[opr]_v1_|dp\\.pt\\.|SG\\.|hv[sb]\\.|sh(?:pat|pca|ppa|pss)_|whsec_|shippo_|sntry[su]_|rdme_|rubygems_|pul-|PMAK-';
const otherPrefixes = 'dapi|AIza|A(?:KIA|SIA|BIA|CCA)';
const prefixed = new RegExp(
  `(?<![A-Za-z0-9])(${markedPrefixes}|${otherPrefixes})[\\w-]{8,}(?:\\.[\\w-]+)*`,
  'g',
);
/** It is glued to other words where Hugging Face's tokens are printed. */
const huggingFace = /hf_[\w-]{8,}(?:\.[\w-]+)*/g;

/** Matches in every text that one of the patterns above changes, `url` and `unusual` apart: most texts need no more. */
const suspicious = new RegExp(
  `[:=>](?<=${afterName}[:=>])|cookie["']?\\s*[:=]|@|-----BEGIN|\\bbearer\\s+[\\w.~+/=:-]{6}|\\bbasic\\s|(?:token|key|secret|password)\\s+(?:["'\`]|[\\w.-]{8})|-(?<![\\w-]-)-?(?:u|proxy-u|[a-z][\\w.-]{0,60}[ \\t])`,
  'i',
);
/** The shortest prefix, and eight characters. */
const shortestKey = 9;
/** The mark at the end of a prefix first: it is rarer than letters. */
const anyPrefix = new RegExp(
  `[-_.](?=[\\w-]{8})(?<=hf_|(?<![A-Za-z0-9])(?:${markedPrefixes}))|(?:eyJ|${otherPrefixes})[\\w-]{6}`,
);

/** Ids of requests by which support finds them: AWS's trace and the UUID that HF adds, OpenAI's, any that is named. */
const requestIds =
  /(\bRoot=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?|\breq_[0-9a-zA-Z]{20,32}(?![\w-])|(?<=request[ _-]?id["'`]?[:=]? {0,2}["'`]?)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-]))/i;

/**
 * The text without secrets, by their shape: values of names such as `token`, in assignments, headers, options and
 * paths; users and passwords in URLs, values of queries; PEM, JSON web tokens, keys with a known prefix, and every run
 * of 20 and more characters that looks random. Commit hashes and UUIDs go with them. What stays: words, numbers,
 * times, names of models and files, hosts and paths, ids of requests. Rather hides too much. Linear time.
 */
export const redact = rememberUnchanged(text => {
  if (hasUnusualPiece(text, shortestNamed) || fours.test(text) || suspicious.test(text))
    return redactInFull(text);
  return redactKeys(text.includes('://') ? withoutUrls(text) : text, hidden);
});

/** The same for every text, and slower: looks for everything. */
export function redactInFull(text: string): string {
  return redactKeys(withoutShapes(text.replace(unusual, hideNamed)), hidden);
}

/** The beginning of a text that is to be redacted: a key that is cut would no longer be found. */
export function firstPart(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[A-Za-z0-9_+/=.~%-]{1,19}$/, '');
}

/** The text without keys: what has a known prefix or looks random. */
export function redactKeys(text: string, instead: string): string {
  if (!hasRun(text, shortestKey)) return text;
  const words = anyPrefix.test(text)
    ? text.replace(jsonToken, instead).replace(huggingFace, `hf_${instead}`).replace(prefixed, `$1${instead}`)
    : text;
  if (withoutRandomRuns(words, instead) === words) return words;
  return words
    .split(requestIds)
    .map((part, index) => (index % 2 === 1 ? part : withoutRandomRuns(part, instead)))
    .join('');
}

function withoutUrls(text: string): string {
  return text.replace(url, (_, rest: string) => `://${shownUrlInSentence(rest)}`);
}

function withoutShapes(text: string): string {
  const words = withoutUrls(text.replace(pem, hidden))
    .replace(cookie, `$1: ${hidden}`)
    .replace(authorization, `$1${hidden}`)
    .replace(assigned, hideAssigned)
    .replace(option, (whole, name: string, space: string) =>
      isSecretName(name) ? name + space + hidden : whole,
    )
    .replace(userOption, `$1$2${hidden}`)
    .replace(bearer, `$1$2${hidden}`)
    .replace(basic, `$1$2${hidden}`)
    .replace(quotedAfter, `$1$2$3${hidden}$3`)
    .replace(numbered, `$1$2${hidden}`);
  // it looks at every word
  return words.includes('@') ? words.replace(userInfo, `${hidden}@`) : words;
}

/** The punctuation around a URL is not its own. */
function shownUrlInSentence(rest: string): string {
  let end = rest.length;
  while (end > 0 && ',;:.!?)]}'.includes(rest.charAt(end - 1))) end -= 1;
  return shownUrl(rest.slice(0, end)) + rest.slice(end);
}

/** Counts stay: `token_limit: 8192`; so does what was hidden before. */
function hideAssigned(
  whole: string,
  sign: string,
  space: string,
  given: string,
  at: number,
  text: string,
): string {
  if (/^…(?:&|$)/.test(given)) return whole;
  const isCount =
    /^\d{1,9}[,.;)}\]]*$/.test(given) && !neverCounts.test(text.slice(Math.max(0, at - 40), at));
  return isCount ? whole : sign + space + hidden;
}

/** Words and ids of requests stay. */
function hideNamed(found: string, at: number, text: string): string {
  if (!found.includes(' ') && !hasOddPiece(found, shortestNamed)) return found;
  named.lastIndex = at;
  return named.test(text) && !text.startsWith('req_', at - 4) ? hidden : found;
}

const neverCounts = /pass|pwd|pin|otp|secret/i;

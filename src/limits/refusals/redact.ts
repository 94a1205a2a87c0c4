const hidden = '[redacted]';

/** With the prefixes of providers' keys. Each pattern takes linear time, and rather hides too much. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b((?:set-)?cookie)\s*[:=][^\r\n]*/gi, `$1: ${hidden}`],
  [/\b(authorization)["']?\s*[:=]\s*["']?(?:\w+\s+)?[^\s"',;]+/gi, `$1: ${hidden}`],
  [/\b(bearer|basic)\s+(?!token\b|auth\w*\b|realm\b)[\w.~+/=:-]{6,}/gi, `$1 ${hidden}`],
  [
    /\b((?:x-)?api[-_]?key|access[-_]?token|refresh[-_]?token|client[-_]?secret|password)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    `$1$2${hidden}`,
  ],
  [/([?&](?:token|key|sig|signature|code)=)[^\s&#"']+/gi, `$1${hidden}`],
  [/(\/\/)[^\s/@:]+:[^\s/@]+@/g, `$1${hidden}@`],
  [/\beyJ[\w-]{6,}(?:\.[\w-]+)*/g, hidden],
  [/hf_[\w-]{8,}(?:\.[\w-]+)*/g, `hf_${hidden}`],
  [/\b(gsk_|csk-|sk-|sk_|fw_|r8_|tgp_|key-)[\w-]{8,}/g, `$1${hidden}`],
];

/** Matches wherever a pattern above does: one pass for the many texts without secrets. */
const suspicious =
  /(?<=(?:cookie|authorization|key|token|secret|password)["']?\s*)[:=]|(?<=[?&](?:sig|signature|code))=|(?<=:[^\s/@]+)@|(?<=hf|sk|fw|r8|tgp|key)[-_](?=[\w-]{8})|b(?:earer|asic)\s|(?<=e)yJ/i;

/** The text without tokens, keys, cookies and credentials in URLs. */
export function redact(text: string): string {
  if (!suspicious.test(text)) return text;
  return secrets.reduce((words, [pattern, replacement]) => words.replace(pattern, replacement), text);
}

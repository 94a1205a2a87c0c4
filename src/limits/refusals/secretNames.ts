/**
 * Ends of the names of variables, options, headers and fields that hold secrets. `tokens` is none: it is what models
 * count. Source of a regular expression for the flag `i`.
 */
export const secretNameSource = [
  '(?:(?<![a-z])|api|access|account|secret|private|auth|hf|openai|groq|together|provider|master|shared|storage|client|license|subscription|encryption|signing|ssh)[-_.]?keys?',
  'token',
  'secrets?',
  'passw(?:or)?ds?',
  'passphrase',
  'pwd',
  '(?<![a-z])pass',
  '(?<![a-z])pat',
  '(?<![a-z])pin',
  '(?<![a-z])otp',
  'credentials?',
  '(?<![a-z])(?:o|x-)?auth(?:orization|entication)?',
  'cookies?',
  'sess(?:ion)?(?:[-_.]?id)?',
  '(?<![a-z])sig(?:nature)?',
  'jwt',
  'bearer',
  'webhook',
  'dsn',
  'connection[-_.]?string',
  '(?<![a-z])(?:sid|x?[cx]srf)',
  '(?:access|pass)[-_. ]?code',
  // the servers of other languages
  'passwort|kennwort|wachtwoord|mot de passe|contrase[ñn]a|senha|пароль|密码|密钥|パスワード',
].join('|');

/** What may follow in the name: `_2`, `_PROD`, `-value`. */
export const secretSuffixSource = '(?:[-_.][a-z0-9_-]{1,24}|\\d{1,3})?';

const secretName = new RegExp(`(?:${secretNameSource})${secretSuffixSource}$`, 'i');
const longestName = 80;

/** Whether a variable, option, header or field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.slice(-longestName));
}

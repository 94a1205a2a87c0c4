import { hasOddPiece } from './randomRuns.ts';
import { redact } from './redact.ts';

/** Programs and their commands: words that are shown wherever they stand in a command line. */
const known = new Set(
  `awk cat cd cp cut date echo find grep head jq kill less ls make mkdir mv openssl perl printf pwd rm sed sleep sort source
  ssh tail tee time touch tr uniq wait wc
  accelerate add apply ask attach auth bash bun bunx build bundle call cargo chat check clone cmd commit compile compose
  conda convert create cross-env curl dataset datasets deno deploy dev diff docker dotenv download dry-run eval evaluate exec
  export fetch fish fit fmt format generate gh git go gradle hf http https huggingface-cli infer inference init install
  invoke java job jobs json jupyter just kubectl lfs lint list llm load login logout main make model models mvn new nohup
  node npm npx ollama pip pip3 pipx pnpm pnpx podman poetry powershell predict preview prompt ps publish pull push pwsh
  py pytest python python3 query ray refresh release repo restart rsync ruby run rustup scan scp script search serve server
  set sh show space spaces ssh stage start status stop stream streamlit submit sudo switch sync task tasks test tests
  tokenize torchrun train transformers true false ts-node tsx tune update upgrade upload uv uvicorn uvx version watch wget
  whoami workflow xargs xh yarn zsh 7z`.split(/\s+/),
);
const extension =
  /\.(?:py|pyw|ipynb|[cm]?[jt]sx?|sh|bash|zsh|fish|ps1|bat|cmd|exe|rb|go|rs|java|kt|swift|php|pl|lua|jl|cc|cpp|json|jsonl|ya?ml|toml|ini|cfg|conf|env|txt|md|csv|tsv|parquet|arrow|safetensors|gguf|onnx|pt|pth|bin|log|out|lock|xml|html|sql|png|jpe?g|webp|wav|mp3|mp4|pdf|zip|tar|gz|tgz)$/i;
const file = /^(?:[a-z]:)?[\w.~@+\\/-]{1,160}$/i;
const namespacedModel = /^[\w][\w.-]{0,60}\/[\w][\w.-]{0,95}(?::[a-z][a-z-]{0,30})?$/;
const modelFamily =
  /^(?:ai21|aya|bert|bge|bloom|claude|clip|codestral|command|dbrx|deepseek|e5|falcon|flux|gemini|gemma|glm|gpt|granite|grok|hermes|internlm|jamba|kimi|llama|llava|mamba|minimax|mistral|mixtral|mpt|nemotron|o[134]|olmo|opt|orca|phi|pixtral|qwen|qwq|roberta|sd|sdxl|smollm|solar|stable|starcoder|t5|text-embedding|vicuna|vit|whisper|wizard|yi|zephyr)(?![a-z]{3})[\w.:-]{0,80}$/i;
const number = /^[-+]?(?:\d+|\d*\.\d+)(?:e[-+]?\d+|[a-z]{1,2}|%)?$/i;
/** More digits may be a password. */
const longestNumber = 7;
/** Behind `-p` a number is a port, or a password: ports have 5 digits. */
const longestShortOption = 5;
/** As people write names of programs, options and variables: words, each with a short number at most. */
const name =
  /^(?:\d{0,2}[A-Za-z]{1,20}\d{0,3}|\d{1,3})(?:[-_.+@]+(?:\d{0,2}[A-Za-z]{1,20}\d{0,4}|\d{1,4}))*\+*$/;
const shortestOddPiece = 8;
/** Models' names are glued: `Qwen2Audio7B`. */
const shortestOddModel = 12;
const variable = /^\$(?:[A-Z_]{1,60}|\{[A-Z_]{1,60}\})$/;

/** What is known of a value: a model is expected, an option such as `-u` may take a user and a password, or nothing. */
export type Expected = 'model' | 'of-short-option' | 'anything';

/**
 * Whether a value in a command line is shown: a number, the name of a file by its extension, a program or command, the
 * name of a variable, and where a model is expected its id.
 */
export function isHarmless(value: string, expected: Expected): boolean {
  if (known.has(value) || value === '.' || value === '..') return true;
  if (number.test(value)) {
    return value.length <= (expected === 'of-short-option' ? longestShortOption : longestNumber);
  }
  const isName =
    (extension.test(value) && file.test(value)) ||
    (expected === 'model' && (namespacedModel.test(value) || modelFamily.test(value))) ||
    variable.test(value);
  return isName && !hasOddPiece(value, shortestOddModel) && redact(value) === value;
}

/** A program that is known, or a script by its extension. */
export function isKnownProgram(text: string): boolean {
  return known.has(text) || extension.test(text);
}

/** Whether a text may be the name of a program, an option or a variable, and no password. */
export function isLikeName(text: string): boolean {
  return name.test(text) && !hasOddPiece(text, shortestOddPiece);
}

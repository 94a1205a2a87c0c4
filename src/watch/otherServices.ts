/** Services that Hugging Face does not route to: their ids, and their own words and addresses. */
const otherServices: ReadonlyMap<string, RegExp> = new Map([
  [
    'openai',
    /\b(?:api|platform|help)\.openai\.com\b|please check your plan and billing details|\b(?:reached|limit) for (?:model )?[`'"]?(?:gpt-[345]|chatgpt|o[134](?:-|\b)|text-embedding-|dall-e)|\binsufficient_quota\b/i,
  ],
  [
    'anthropic',
    /\b(?:api|console|docs|platform)\.(?:anthropic|claude)\.com\b|\banthropic\.\w{1,40}(?:Error|Exception)\b|@anthropic-ai\/|your credit balance is too low to access the (?:anthropic|claude)|"type": ?"rate_limit_error"|'type': ?'rate_limit_error'/i,
  ],
  ['openrouter', /\bopenrouter\b|free-models-per-(?:day|min)/i],
  ['google', /\bgenerativelanguage\.googleapis\.com\b|\bRESOURCE_EXHAUSTED\b|\bai\.google\.dev\b/],
  ['azure', /\bopenai\.azure\.com\b|\bAzureOpenAI\b|\bcognitiveservices\.azure\b/i],
  ['mistral', /\bapi\.mistral\.ai\b/],
  ['deepseek', /\bapi\.deepseek\.com\b/],
  ['xai', /\bapi\.x\.ai\b/],
]);

const huggingFace =
  /\b(?:huggingface\.co|hf\.co|hf\.space|huggingface\.cloud)\b|hugging ?face|\bhf_hub\b|\bHF_TOKEN\b|\/(?:hf-inference|groq|together|cerebras|fireworks-ai|novita)\//i;

/** Whether a refusal by this server is none of Hugging Face's. */
export function isOtherService(by: string): boolean {
  return otherServices.has(by);
}

/** The other service that the words are of; undefined: none, or Hugging Face is named, too. */
export function otherServiceIn(text: string): string | undefined {
  if (huggingFace.test(text)) return undefined;
  for (const [name, words] of otherServices) if (words.test(text)) return name;
  return undefined;
}

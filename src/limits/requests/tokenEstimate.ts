/** For English and code. Tokenizers differ by a factor of two, which the pacer corrects. */
const bytesPerToken = 4;
/** For a request without a bound. */
const usualCompletion = 256;
const bound = /"max_(?:completion_|output_)?tokens"\s*:\s*(\d{1,9})/;

/**
 * Tokens that a request with this JSON body may use, prompt and completion together. Providers reserve the
 * completion's bound at once (https://inference-docs.cerebras.ai/support/rate-limits).
 */
export function estimateTokens(body: string): number {
  const { promptTokens, completionTokens } = estimateUsage(body);
  return promptTokens + completionTokens;
}

/** The same, apart. */
export function estimateUsage(body: string): { promptTokens: number; completionTokens: number } {
  const most = bound.exec(body)?.[1];
  return {
    promptTokens: Math.ceil(body.length / bytesPerToken),
    completionTokens: most === undefined ? usualCompletion : Number(most),
  };
}

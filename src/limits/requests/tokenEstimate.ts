/** Of English and of code: what a tokenizer makes of it varies by a factor of two, which the pacer corrects. */
const bytesPerToken = 4;
/** Of an answer whose request sets no bound. */
const usualCompletion = 256;
const bound = /"max_(?:completion_|output_)?tokens"\s*:\s*(\d{1,9})/;

/**
 * Tokens that a request of this JSON body may use, prompt and completion together. Providers set aside the bound of
 * the completion at once (https://inference-docs.cerebras.ai/support/rate-limits).
 */
export function estimateTokens(body: string): number {
  const most = bound.exec(body)?.[1];
  return Math.ceil(body.length / bytesPerToken) + (most === undefined ? usualCompletion : Number(most));
}

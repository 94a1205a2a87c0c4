/** What one caller's process is to do. */
export interface Plan {
  readonly client: ClientName;
  /** Ends before `/chat/completions`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly requests: number;
  readonly atOnce: number;
  /** Characters of what is asked, in turns. */
  readonly lengths: readonly number[];
}

export type ClientName =
  | 'openai-0'
  | 'openai-2'
  | 'openai-10'
  | '@huggingface/inference'
  | 'RetryAgent'
  | 'p-retry';

export interface ChatBody {
  readonly model: string;
  readonly messages: { readonly role: 'user'; readonly content: string }[];
  readonly max_tokens: number;
}

/** What came of it. */
export interface Outcome {
  readonly answered: number;
  /** Refusals for a limit that the program was shown. */
  readonly refused: number;
  /** Anything else. */
  readonly failed: number;
  readonly lastFailure?: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of all its requests together, each from when it was asked until it was answered. */
  readonly waitedMs: number;
}

/** The answer of the emulator has 16 words: no more tokens are counted than it uses. */
const answerTokens = 16;

function messagesOf(length: number): ChatBody['messages'] {
  return [{ role: 'user', content: 'word '.repeat(Math.ceil(length / 5)).slice(0, length) }];
}

export function chatBody({ model, lengths }: Pick<Plan, 'model' | 'lengths'>, index: number): ChatBody {
  const length = lengths[index % lengths.length] ?? 0;
  return { model, messages: messagesOf(length), max_tokens: answerTokens };
}

/** The work of one caller process. */
export interface Plan {
  readonly client: ClientName;
  /** Without `/chat/completions`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly requests: number;
  readonly atOnce: number;
  /** Prompt lengths in characters, used in turn. */
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

/** The result of one caller process. */
export interface Outcome {
  readonly answered: number;
  /** 429s that the program got. */
  readonly refused: number;
  /** Other failures. */
  readonly failed: number;
  readonly lastFailure?: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Sum over all requests, each from its start to its end. */
  readonly waitedMs: number;
}

/** The emulator's completion has 16 tokens, so a limit counts no unused ones. */
const answerTokens = 16;

function messagesOf(length: number): ChatBody['messages'] {
  return [{ role: 'user', content: 'word '.repeat(Math.ceil(length / 5)).slice(0, length) }];
}

export function chatBody({ model, lengths }: Pick<Plan, 'model' | 'lengths'>, index: number): ChatBody {
  const length = lengths[index % lengths.length] ?? 0;
  return { model, messages: messagesOf(length), max_tokens: answerTokens };
}

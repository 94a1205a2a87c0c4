import type { RefusalCause } from '../refusals/refusalRule.ts';

/** Whoever waits for its turn. */
export interface Paced {
  /** `late`: it can't be served within its patience; why and until when is on its ticket. `cancelled`: somebody said so. */
  paced(turn: 'go' | 'late' | 'cancelled'): void;
}

/** What holds a request: a window that is spent, a refusal, money that is not settled yet, or too many in flight. */
export type HoldReason = 'window' | 'refusal' | 'unsettled' | 'concurrency';

/** Of a `Refusal`, as far as it is known. */
export interface PaceRefusal {
  readonly cause: RefusalCause;
  readonly by?: string;
  /** Epoch ms; undefined: not told. */
  readonly resetsAt?: number;
}

export interface PaceRequest {
  /** Whose limit it counts against: account and bucket, or key, provider and model. Only compared. */
  readonly limit: string;
  /** Names those that one refusal stops together, from `laneName`. */
  readonly lane: string;
  /** Programs take turns. */
  readonly program: string;
  /** Whose money Hugging Face holds for it until it is settled; undefined: nobody's. */
  readonly payer?: string;
  /** Estimated, of prompt and completion together; 0 where tokens don't count. */
  readonly tokens: number;
  /** Epoch ms until which its caller waits. */
  readonly patienceEnd: number;
  readonly owner: Paced;
}

/**
 * @param action what a request does, where that has a limit of its own beside the window: a commit, or a model.
 * @param payer whose money may hold it up
 */
export function laneName(limit: string, action?: string, payer?: string): string {
  return [limit, action ?? '', payer ?? ''].join('\n');
}

/** What `laneName` was given. */
export function actionOf(lane: string): string | undefined {
  return lane.split('\n')[1] || undefined;
}

export type TicketState = 'new' | 'held' | 'sent' | 'answered' | 'done';

/** One request on its way through the pacer, which alone writes what stands here. */
export class PaceTicket {
  request: PaceRequest;
  state: TicketState = 'new';
  /** Its place in the order of arrival, which it keeps when it is refused and tries again; 0: it has not arrived. */
  arrival = 0;
  /** Epoch ms of its last sending. */
  sentAt = 0;
  /** Requests in flight when it was sent, with itself. */
  inFlightAtSend = 0;
  /** Tokens that are set aside for it. */
  reservedTokens = 0;
  /** Why it was held last; by a refusal, by which. */
  heldBy: HoldReason | undefined;
  refused: PaceRefusal | undefined;
  /** Epoch ms at which it can go at the earliest, as far as a server told. */
  until: number | undefined;

  constructor(request: PaceRequest) {
    this.request = request;
  }
}

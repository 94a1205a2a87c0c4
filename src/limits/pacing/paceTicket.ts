import type { RefusalCause } from '../refusals/refusalRule.ts';

/** The owner of a ticket. */
export interface Paced {
  /**
   * `late`: no turn within the caller's patience, with the reason on the ticket. `cancelled`: by the user.
   */
  paced(turn: 'go' | 'late' | 'cancelled'): void;
}

/** Why a request is held: a spent window, a refusal, unsettled money, or too many requests in flight. */
export type HoldReason = 'window' | 'refusal' | 'unsettled' | 'concurrency';

export interface Wait {
  /** Epoch ms at which to look again; `Infinity`: after the next response. */
  readonly lookAt: number;
  /** Epoch ms; undefined: no server named a time. */
  readonly until?: number;
  /** The provider that set the limit; undefined: the limit's own server. */
  readonly provider?: string;
}

/** Why a request may not go yet. */
export interface Hold extends Wait {
  readonly by: HoldReason;
  /** If held by a refusal. */
  readonly refused?: PaceRefusal;
}

/** The server that set the limit: `huggingface` or a provider's id; undefined: the limit's own server. */
export function ownerOf({ refused, provider }: Hold): string | undefined {
  return refused?.by ?? provider;
}

/** The part of a `Refusal` that pacing needs. */
export interface PaceRefusal {
  readonly cause: RefusalCause;
  readonly by?: string;
  /** Epoch ms; undefined: not reported. */
  readonly resetsAt?: number;
}

export interface PaceRequest {
  /** Name of the limit: account and bucket, or key, provider and model. Only compared. */
  readonly limit: string;
  /** From `laneName`: one refusal stops all requests of a lane. */
  readonly lane: string;
  /** Programs take turns. */
  readonly program: string;
  /** HF holds this payer's money until the request is settled; undefined: HF bills nothing. */
  readonly payer?: string;
  /** Estimate for prompt and completion together; 0 where tokens don't count. */
  readonly tokens: number;
  /** Epoch ms until which the caller waits. */
  readonly patienceEnd: number;
  /** Epoch ms from which it goes although HF holds the payer's money; undefined: `patienceEnd` counts. */
  readonly moneyPatienceEnd?: number;
  readonly owner: Paced;
}

/**
 * @param action with a limit of its own beside the window: a commit, or a model
 * @param payer whose money HF may hold
 */
export function laneName(limit: string, action?: string, payer?: string): string {
  return [limit, action ?? '', payer ?? ''].join('\n');
}

/** A lane's name begins with its limit's. */
export function isLaneOf(limit: string, lane: string): boolean {
  return lane === limit || lane.startsWith(`${limit}\n`);
}

/** The action that `laneName` was given. */
export function actionOf(lane: string): string | undefined {
  return lane.split('\n')[1] || undefined;
}

export type TicketState = 'new' | 'held' | 'sent' | 'answered' | 'done';

/** One request on its way through the pacer. Only the pacer writes to it. */
export class PaceTicket {
  request: PaceRequest;
  state: TicketState = 'new';
  /** Place in the order of arrival, kept when a refused request comes back; 0: not arrived. */
  arrival = 0;
  /** Epoch ms of the last sending. */
  sentAt = 0;
  /** Requests in flight when this one was sent, with itself. */
  inFlightAtSend = 0;
  /** Tokens that are set aside for the request. */
  reservedTokens = 0;
  /** The program whose turns it takes in a queue. */
  turn = '';
  /** The last one; `until`: with the time for the requests ahead. */
  hold: Hold | undefined;

  constructor(request: PaceRequest) {
    this.request = request;
  }
}

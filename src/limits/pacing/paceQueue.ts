import { mostProgramsPerQueue } from '../bounds.ts';
import type { PaceTicket } from './paceTicket.ts';

/** Shares one turn: the programs beyond the bound. No program has this name. */
const others = '\0';

/** Held requests: in the order of arrival within a program, and programs in turn. */
export class PaceQueue {
  readonly #byProgram = new Map<string, PaceTicket[]>();
  /** Programs; the first one has the next turn. */
  #turns: string[] = [];
  #size = 0;
  #tokens = 0;
  /** Epoch ms: no request loses patience before. */
  patientUntil = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#size;
  }

  get programs(): number {
    return this.#turns.length;
  }

  head(): PaceTicket | undefined {
    return this.#byProgram.get(this.#turns[0] ?? '')?.[0];
  }

  add(ticket: PaceTicket): void {
    const { program, tokens } = ticket.request;
    const isKnown = this.#byProgram.has(program) || this.#turns.length < mostProgramsPerQueue;
    ticket.turn = isKnown ? program : others;
    let waiting = this.#byProgram.get(ticket.turn);
    if (waiting === undefined) {
      waiting = [];
      this.#byProgram.set(ticket.turn, waiting);
      this.#turns.push(ticket.turn);
    }
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.arrival ?? 0) > ticket.arrival) at -= 1;
    waiting.splice(at, 0, ticket);
    this.#size += 1;
    this.#tokens += tokens;
    this.patientUntil = Math.min(this.patientUntil, patienceOf(ticket));
  }

  /** Takes the head out; the turn passes to the next program. */
  take(): PaceTicket | undefined {
    const program = this.#turns.shift();
    if (program === undefined) return undefined;
    const waiting = this.#byProgram.get(program) ?? [];
    const ticket = waiting.shift();
    if (waiting.length > 0) this.#turns.push(program);
    else this.#byProgram.delete(program);
    if (ticket) this.#leave(ticket);
    return ticket;
  }

  remove(ticket: PaceTicket): void {
    const program = ticket.turn;
    const waiting = this.#byProgram.get(program);
    const at = waiting?.indexOf(ticket) ?? -1;
    if (waiting === undefined || at < 0) return;
    waiting.splice(at, 1);
    this.#leave(ticket);
    if (waiting.length > 0) return;
    this.#byProgram.delete(program);
    this.#turns = this.#turns.filter(turn => turn !== program);
  }

  #leave(ticket: PaceTicket): void {
    this.#size -= 1;
    this.#tokens -= ticket.request.tokens;
  }

  /** Requests that go before one that is added now. */
  ahead(program: string): number {
    const turn = this.#byProgram.has(program) ? program : others;
    const own = this.#byProgram.get(turn)?.length ?? 0;
    let ahead = own;
    for (const [other, waiting] of this.#byProgram) {
      if (other !== turn) ahead += Math.min(waiting.length, own + 1);
    }
    return ahead;
  }

  /** Estimated tokens of so many held requests. */
  tokensOf(tickets: number): number {
    return this.#size === 0 ? 0 : (this.#tokens / this.#size) * tickets;
  }

  /** Takes the tickets out whose patience has ended, or ends before `until`. */
  takeImpatient(now: number, until: number): PaceTicket[] {
    if (now < this.patientUntil && until <= this.patientUntil) return [];
    const late: PaceTicket[] = [];
    this.patientUntil = Number.POSITIVE_INFINITY;
    for (const ticket of [...this.#byProgram.values()].flat()) {
      const { patienceEnd } = ticket.request;
      if (patienceEnd <= now || patienceEnd < until) late.push(ticket);
      else this.patientUntil = Math.min(this.patientUntil, patienceOf(ticket, now));
    }
    for (const ticket of late) this.remove(ticket);
    return late;
  }

  /** Takes the tickets out that wait no longer for the payer's money. */
  takeUnheld(now: number): PaceTicket[] {
    if (now < this.patientUntil) return [];
    const waiting = [...this.#byProgram.values()].flat();
    const unheld = waiting.filter(({ request }) => (request.moneyPatienceEnd ?? now + 1) <= now);
    for (const ticket of unheld) this.remove(ticket);
    return unheld;
  }
}

/** Epoch ms at which a ticket may have to leave; a wait for money that ended before `now` no longer counts. */
function patienceOf({ request }: PaceTicket, now = Number.NEGATIVE_INFINITY): number {
  const { patienceEnd, moneyPatienceEnd = patienceEnd } = request;
  return moneyPatienceEnd > now ? Math.min(patienceEnd, moneyPatienceEnd) : patienceEnd;
}

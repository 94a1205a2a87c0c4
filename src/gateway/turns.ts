import type { Admission } from '../limits/pacing/pacer.ts';
import { type Paced, PaceTicket } from '../limits/pacing/paceTicket.ts';
import { estimateTokens } from '../limits/requests/tokenEstimate.ts';
import { Answering } from './answering.ts';
import { gatewayFailed } from './errors.ts';
import { reportedWindows } from './pacing/responseWindows.ts';
import type { ResponseHead } from './relay/responseHead.ts';
import { shortened } from './shortened.ts';
import type { CountedRoute } from './upstream/routes.ts';

/** A request waits for its turn in front of the limits that it counts against, and tells what answers say of them. */
export abstract class Turns extends Answering implements Paced {
  /** Epoch ms until which the caller waits. */
  protected patienceEnd = 0;

  /** Its turn has come after it waited. */
  protected abstract resume(): void;

  /** The gateway closes: it is answered in place of waiting. */
  abstract hurry(): void;

  /** Its turn does not come in time, or never. */
  protected abstract turnedAway(turn: 'late' | 'cancelled'): void;

  /** False: it waits, or was turned away. */
  protected takesTurn(route: CountedRoute): boolean {
    const ticket = this.#ticketOf(route);
    this.ticket = ticket;
    const admission = this.hall.pacing.admit(ticket);
    if (admission === 'hold') {
      this.waits();
      this.intake?.readAhead();
      if (this.hall.closing) this.hurry();
    } else if (admission === 'late') this.turnedAway('late');
    return admission === 'go';
  }

  /** After a refusal. `go`: nothing is known that it could wait for. */
  protected takesTurnAgain(): Admission {
    const { ticket } = this;
    if (ticket === undefined) return 'go';
    const admission = this.hall.pacing.admit(ticket);
    if (admission === 'hold') this.waits();
    if (admission === 'go') this.hall.pacing.withdrawn(ticket);
    return admission;
  }

  /** From now on until `resume`, or until it is given up. */
  protected waits(): void {
    this.state = 'waiting';
    this.abort = undefined;
    if (this.payment) this.hall.payers.released(this.payment, false);
  }

  /** To try again then. */
  protected waitsFor(delayMs: number): void {
    this.waits();
    this.timer = this.hall.timers.setTimeout(() => {
      this.timer = undefined;
      this.resume();
    }, delayMs);
  }

  paced(turn: 'go' | 'late' | 'cancelled'): void {
    if (this.state !== 'waiting') return;
    // others have their turn after it
    try {
      if (turn === 'go') this.resume();
      else this.turnedAway(turn);
    } catch (error) {
      this.hall.log(`gateway: ${String(error)}`);
      this.failed(gatewayFailed);
    }
  }

  /** Pacing failed: it must not keep anybody waiting, and a new pacer knows nothing of the turn that it had. */
  unheld(): void {
    this.ticket = undefined;
    // who has a timer waits for something else
    if (this.timer === undefined) this.paced('go');
  }

  /** A ticket keeps its place in the order of arrival when it is refused and tries again. */
  #ticketOf({ counted, billedTo }: CountedRoute): PaceTicket {
    const { hall, ticket } = this;
    const isKeys = billedTo.startsWith('key:');
    if (ticket) {
      if (ticket.request.lane === counted.lane && ticket.state !== 'done') return ticket;
      hall.pacing.withdrawn(ticket);
    }
    return new PaceTicket({
      limit: counted.limit,
      lane: counted.lane,
      program: this.head?.program ?? '',
      payer: counted.payer,
      tokens: isKeys ? estimateTokens(this.intake?.text ?? '') : 0,
      patienceEnd: this.patienceEnd,
      owner: this,
    });
  }

  /** It was let through, whatever the answer is. */
  protected gotThrough(head: ResponseHead): void {
    const { ticket, route, hall } = this;
    if (!ticket || !route) return;
    hall.pacing.answered(ticket, reportedWindows(head, route, hall.now()), this.#hubPath);
    if (head.hasProviderRates && head.provider !== undefined && !route.billedTo.startsWith('key:')) {
      hall.pacing.partnerTold(ticket, shortened(head.provider), head);
    }
  }

  /** It was declined because of a limit. @param resetsAt epoch ms */
  protected refusedFor(head: ResponseHead, refusal: Parameters<typeof this.hall.pacing.refused>[1]): void {
    const { ticket, route, hall } = this;
    if (!ticket || !route) return;
    hall.pacing.refused(ticket, refusal, reportedWindows(head, route, hall.now()), this.#hubPath);
  }

  /** It did not reach the server. */
  protected neverSent(): void {
    if (this.ticket) this.hall.pacing.withdrawn(this.ticket);
  }

  get #hubPath(): string | undefined {
    const { target } = this;
    return target?.kind === 'hub' ? target.path.replace(/\?.*$/s, '') : undefined;
  }
}

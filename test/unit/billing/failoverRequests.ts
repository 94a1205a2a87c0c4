import {
  afterRefusal,
  afterSuccess,
  afterUnable,
  attempt,
  type CanPay,
  type FailoverState,
  type NextPayer,
} from '../../../src/billing/failover.ts';
import { formatProfile } from '../../../src/billing/profile.ts';

export const anyone: CanPay = () => true;
export const start = Date.UTC(2026, 9, 14, 12);

/** Sends requests as the gateway does; each is answered at once. */
export class Requests {
  state: FailoverState;
  now = start;
  /** Reported switches: `from > to: reason`. */
  readonly switches: string[] = [];
  /** Profiles without money. */
  readonly empty: Set<string>;
  /** Profiles that can't pay for another reason. */
  readonly unable = new Set<string>();

  constructor(state: FailoverState, empty: readonly string[] = []) {
    this.state = state;
    this.empty = new Set(empty);
  }

  /** @returns the profiles that one request tried, in order */
  send(): string[] {
    const first = attempt(this.state, this.now);
    this.state = first.state;
    const tried: string[] = [];
    for (let next: typeof first.attempt | undefined = first.attempt; next; ) {
      const text = formatProfile(next.profile);
      tried.push(text);
      if (this.empty.has(text) || this.unable.has(text)) {
        const after: NextPayer = this.empty.has(text)
          ? afterRefusal(this.state, next, 'credits', this.now, anyone)
          : afterUnable(this.state, next, true, this.now, anyone);
        this.state = after.state;
        next = after.retry;
        continue;
      }
      const { state, switched } = afterSuccess(this.state, next);
      this.state = state;
      if (switched)
        this.switches.push(
          `${formatProfile(switched.from)} > ${formatProfile(switched.to)}: ${switched.reason}`,
        );
      next = undefined;
    }
    return tried;
  }

  after(ms: number): string[] {
    this.now += ms;
    return this.send();
  }
}

import {
  afterRefusal,
  afterSuccess,
  afterUnable,
  attempt,
  type FailoverState,
  type NextPayer,
} from '../../../src/billing/failover.ts';
import { formatProfile } from '../../../src/billing/profile.ts';

export const start = Date.UTC(2026, 9, 14, 12);

/** The gateway's part: requests come and are answered at once. */
export class Requests {
  state: FailoverState;
  now = start;
  readonly said: string[] = [];
  /** Profiles without money. */
  readonly empty: Set<string>;
  /** Profiles that nobody lets pay. */
  readonly unable = new Set<string>();

  constructor(state: FailoverState, empty: readonly string[] = []) {
    this.state = state;
    this.empty = new Set(empty);
  }

  /** The profiles that one request tried, in order. */
  send(): string[] {
    const first = attempt(this.state, this.now);
    this.state = first.state;
    const tried: string[] = [];
    for (let next: typeof first.attempt | undefined = first.attempt; next; ) {
      const text = formatProfile(next.profile);
      tried.push(text);
      if (this.empty.has(text) || this.unable.has(text)) {
        const after: NextPayer = this.empty.has(text)
          ? afterRefusal(this.state, next, 'credits', this.now)
          : afterUnable(this.state, next, true, this.now);
        this.state = after.state;
        next = after.retry;
        continue;
      }
      const { state, switched } = afterSuccess(this.state, next);
      this.state = state;
      if (switched)
        this.said.push(`${formatProfile(switched.from)} > ${formatProfile(switched.to)}: ${switched.reason}`);
      next = undefined;
    }
    return tried;
  }

  after(ms: number): string[] {
    this.now += ms;
    return this.send();
  }
}

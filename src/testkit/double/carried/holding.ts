import type { Job } from "./job.ts";
import type { Lanes } from "./lanes.ts";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;

/** So often, while later ones get through, a stanza may fail before that is taken for its own fault. */
const MOST_OWN_FAILURES = 16;

/** What {@link Holding} takes. */
export interface HoldingOptions {
  readonly lanes: Lanes;
  /** How long a stanza is kept at most, in milliseconds; 0 for not at all. */
  readonly hold: number;
  /** Answers jobs with an error. */
  readonly refuse: (jobs: readonly Job[]) => void;
  /** Told when the first stanza of an outage is kept. */
  readonly begun: (reason: string) => void;
  /** Told at the end of that. `back`: the server is back, rather than nothing left that is kept. */
  readonly over: (back: boolean, kept: number, refused: number) => void;
}

interface Outage {
  readonly since: number;
  /** How many had been started when it began. */
  readonly turn: number;
  failures: number;
  refused: number;
  told: boolean;
  scheduled: boolean;
  trying: Job | undefined;
}

/**
 * While the web server is away, messages and presence stay in their lanes; this says when they go out again, as
 * `holding.lib.lua` of `mod_restanza_callback` has it. One stanza at a time is tried, each time of another conversation, until
 * one gets through.
 */
export class Holding {
  readonly #options: HoldingOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #outage: Outage | undefined;
  #latestAnswered = 0;
  #stopped: boolean;

  constructor(options: HoldingOptions) {
    this.#options = options;
    this.#stopped = options.hold === 0;
  }

  /** Whether stanzas are being kept. */
  get isOn(): boolean {
    return this.#outage !== undefined;
  }

  /** To be called for a job that could not be delivered; returns whether it is kept. Otherwise it wants an answer. */
  keep(job: Job, reason: string): boolean {
    if (this.#stopped) return false;
    // Was one that was sent later answered, the server is there.
    const own = job.turn < this.#latestAnswered;
    if (own) job.ownFailures += 1;
    else if (this.#outage === undefined) this.#begin();
    else if (job.turn > this.#outage.turn) {
      // Those before it were under way when the outage began.
      this.#outage.failures += 1;
      this.#tryLater(this.#outage);
    }
    const outage = this.#outage;
    if (job.iq || !this.#mayBeKept(job)) {
      if (outage !== undefined && !job.iq) outage.refused += 1;
      return false;
    }
    if (outage !== undefined && !outage.told) {
      outage.told = true;
      this.#options.begun(reason);
    }
    const rest = own && outage === undefined;
    this.#options.lanes.putBack(job, rest);
    if (rest) this.#after(pauseAfter(job.ownFailures), () => this.#options.lanes.wake(job.key));
    return true;
  }

  /** To be called for a job that the server itself has answered, or failed to when it was certainly there. */
  answered(job: Job): void {
    this.#latestAnswered = Math.max(this.#latestAnswered, job.turn);
    // A server that stops may still answer what it has while it takes nothing new.
    if (this.#outage !== undefined && job.turn > this.#outage.turn) this.#finish(this.#outage, true);
  }

  /** To be called about once a second. */
  tend(): void {
    const outage = this.#outage;
    if (outage === undefined || this.#stopped) return;
    const now = Date.now();
    const overdue = this.#options.lanes.takeOver((job) => this.#keptSince(job) + this.#options.hold <= now);
    outage.refused += overdue.length;
    this.#options.refuse(overdue);
    // A server that is slow to answer is there: one such stanza must not keep all the others waiting.
    const written = this.#isTrying(outage) ? outage.trying?.written : undefined;
    if (written !== undefined && now - written >= LONGEST_PAUSE) this.#finish(outage, true);
  }

  /** Keeps nothing from now on, and starts nothing by itself. */
  stop(): void {
    this.#stopped = true;
    this.#outage = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #begin(): void {
    const outage: Outage = {
      since: Date.now(),
      turn: this.#options.lanes.started,
      failures: 1,
      refused: 0,
      told: false,
      scheduled: false,
      trying: undefined,
    };
    this.#outage = outage;
    this.#options.lanes.paused = true;
    this.#options.refuse(this.#options.lanes.takeIqs());
    this.#tryLater(outage);
  }

  #finish(outage: Outage, back: boolean): void {
    const { lanes, over } = this.#options;
    this.#outage = undefined;
    lanes.paused = false;
    // All that waits now was kept, and so was the one that got through.
    if (outage.told) over(back, lanes.waiting + outage.refused + (back ? 1 : 0), outage.refused);
    lanes.pump();
  }

  #tryLater(outage: Outage): void {
    if (outage.scheduled) return;
    outage.scheduled = true;
    this.#after(pauseAfter(outage.failures), () => this.#tryOne(outage));
  }

  #tryOne(outage: Outage): void {
    outage.scheduled = false;
    if (this.#outage !== outage || this.#isTrying(outage)) return;
    outage.trying = this.#options.lanes.startOne();
    // With nothing left to try, the next that comes will tell.
    if (outage.trying === undefined) this.#finish(outage, false);
  }

  #isTrying({ trying }: Outage): boolean {
    return trying !== undefined && this.#options.lanes.isUnderWay(trying);
  }

  /** What was waiting for other reasons has its full time from the start of the outage. */
  #keptSince(job: Job): number {
    if (job.keptSince !== undefined) return job.keptSince;
    return this.#outage === undefined ? Date.now() : Math.max(job.arrived, this.#outage.since);
  }

  #mayBeKept(job: Job): boolean {
    job.keptSince = this.#keptSince(job);
    return Date.now() - job.keptSince < this.#options.hold && job.ownFailures < MOST_OWN_FAILURES;
  }

  #after(milliseconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#stopped) run();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
}

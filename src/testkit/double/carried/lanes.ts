import type { Job } from "./job.ts";

/** What may be under way, and what may wait. */
export interface LaneLimits {
  readonly connections: number;
  readonly queue: number;
  readonly queuePerConversation: number;
  readonly queueBytes: number;
}

/** The option of the module that keeps a job out. */
export type LimitName =
  | "restanza_callback_queue"
  | "restanza_callback_queue_per_conversation"
  | "restanza_callback_queue_bytes";

/**
 * Who goes next, as `lanes.lib.lua` of `mod_restanza_callback` has it: one stanza of a conversation at a time, IQs beside them,
 * everything bounded. While it is paused nothing starts but what {@link Lanes.startOne} does.
 */
export class Lanes {
  paused = false;
  readonly #limits: LaneLimits;
  readonly #send: (job: Job) => void;
  readonly #messageConnections: number;
  /** Waiting messages of each conversation; there while one of its messages is under way. */
  readonly #conversations = new Map<string, Job[]>();
  /** Keys of conversations whose next message may go. */
  #ready: string[] = [];
  /** Those that are to become ready by {@link Lanes.wake}. */
  readonly #resting = new Set<string>();
  #iqs: Job[] = [];
  readonly #waitingOf = new Map<string, number>();
  #waiting = 0;
  #waitingBytes = 0;
  readonly #underWay = new Set<Job>();
  #runningMessages = 0;
  #started = 0;
  #pumping = false;
  #messageWasLast = false;

  /** @param send called when it is a job's turn; {@link Lanes.finished} or {@link Lanes.putBack} is to follow. */
  constructor(limits: LaneLimits, send: (job: Job) => void) {
    this.#limits = limits;
    this.#send = send;
    // Slow messages must not take every connection.
    this.#messageConnections = limits.connections - Math.floor(limits.connections / 8);
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** How many were started so far. */
  get started(): number {
    return this.#started;
  }

  isUnderWay(job: Job): boolean {
    return this.#underWay.has(job);
  }

  /** Takes a job, unless a limit keeps it out, which is returned. */
  add(job: Job): LimitName | undefined {
    const { queue, queuePerConversation, queueBytes } = this.#limits;
    if (!this.#mayStart(job)) {
      if (this.#waiting >= queue) return "restanza_callback_queue";
      if ((this.#waitingOf.get(job.key) ?? 0) >= queuePerConversation)
        return "restanza_callback_queue_per_conversation";
      if (this.#waitingBytes + job.bytes > queueBytes) return "restanza_callback_queue_bytes";
    }
    this.#wait(job);
    this.pump();
    return undefined;
  }

  /** Starts what may start. */
  pump(): void {
    // Answering a job may make another, whose call leaves the work to the loop that runs already.
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.paused && this.#underWay.size < this.#limits.connections) {
      const job = this.#next();
      if (job === undefined) break;
      this.#start(job);
    }
    this.#pumping = false;
  }

  /** Starts one message in spite of a pause: the next of the conversation that has waited longest for its turn. */
  startOne(): Job | undefined {
    const job = this.#nextMessage();
    if (job !== undefined) this.#start(job);
    return job;
  }

  /**
   * Takes a message that was under way back to the head of its conversation.
   *
   * @param rest whether it is not to be started again before {@link Lanes.wake}.
   */
  putBack(job: Job, rest: boolean): void {
    this.#stopRunning(job);
    this.#count(job, 1);
    this.#conversations.get(job.key)?.unshift(job);
    if (rest) this.#resting.add(job.key);
    else this.#ready.push(job.key);
    this.pump();
  }

  wake(key: string): void {
    if (!this.#resting.delete(key)) return;
    this.#ready.push(key);
    this.pump();
  }

  finished(job: Job): void {
    if (!this.#underWay.has(job)) return;
    this.#stopRunning(job);
    if (!job.iq) {
      if (this.#conversations.get(job.key)?.length === 0) this.#conversations.delete(job.key);
      else this.#ready.push(job.key);
    }
    this.pump();
  }

  takeIqs(): Job[] {
    const jobs = this.#iqs;
    this.#iqs = [];
    for (const job of jobs) this.#count(job, -1);
    return jobs;
  }

  /** Takes out what is over, from the head of each conversation that has nothing under way, so that the order holds. */
  takeOver(isOver: (job: Job) => boolean): Job[] {
    const taken: Job[] = [];
    const ready: string[] = [];
    for (const key of this.#ready) {
      const waiting = this.#conversations.get(key) ?? [];
      const kept = waiting.findIndex((job) => !isOver(job));
      const over = waiting.splice(0, kept === -1 ? waiting.length : kept);
      taken.push(...over);
      if (waiting.length === 0) this.#conversations.delete(key);
      else ready.push(key);
    }
    this.#ready = ready;
    for (const job of taken) this.#count(job, -1);
    return taken;
  }

  /** Takes out everything that waits, in order within a conversation. */
  takeWaiting(): Job[] {
    const jobs = [...this.takeIqs()];
    for (const waiting of this.#conversations.values())
      for (const job of waiting.splice(0)) {
        this.#count(job, -1);
        jobs.push(job);
      }
    for (const key of [...this.#ready, ...this.#resting]) this.#conversations.delete(key);
    this.#ready = [];
    this.#resting.clear();
    return jobs;
  }

  #mayStart({ iq, key }: Job): boolean {
    const free = !this.paused && this.#underWay.size < this.#limits.connections && this.#iqs.length === 0;
    if (!free || iq) return free;
    return (
      !this.#conversations.has(key) &&
      this.#ready.length === 0 &&
      this.#runningMessages < this.#messageConnections
    );
  }

  #wait(job: Job): void {
    this.#count(job, 1);
    if (job.iq) {
      this.#iqs.push(job);
      return;
    }
    const conversation = this.#conversations.get(job.key);
    if (conversation !== undefined) {
      conversation.push(job);
      return;
    }
    this.#conversations.set(job.key, [job]);
    this.#ready.push(job.key);
  }

  /** IQs and messages in turn, where both wait. */
  #next(): Job | undefined {
    const hasMessage = this.#ready.length > 0 && this.#runningMessages < this.#messageConnections;
    if (this.#iqs.length > 0 && (this.#messageWasLast || !hasMessage)) {
      this.#messageWasLast = false;
      const job = this.#iqs.shift();
      if (job !== undefined) this.#count(job, -1);
      return job;
    }
    if (!hasMessage) return undefined;
    this.#messageWasLast = true;
    return this.#nextMessage();
  }

  #nextMessage(): Job | undefined {
    const key = this.#ready.shift();
    const job = key === undefined ? undefined : this.#conversations.get(key)?.shift();
    if (job !== undefined) this.#count(job, -1);
    return job;
  }

  #start(job: Job): void {
    this.#started += 1;
    job.turn = this.#started;
    this.#underWay.add(job);
    if (!job.iq) this.#runningMessages += 1;
    this.#send(job);
  }

  #stopRunning(job: Job): void {
    this.#underWay.delete(job);
    if (!job.iq) this.#runningMessages -= 1;
  }

  #count({ key, bytes }: Job, by: 1 | -1): void {
    this.#waiting += by;
    this.#waitingBytes += by * bytes;
    const count = (this.#waitingOf.get(key) ?? 0) + by;
    if (count > 0) this.#waitingOf.set(key, count);
    else this.#waitingOf.delete(key);
  }
}

import type { Logger } from "pino";
import type { Claim, Clock, Lease, Leases, QueueEntry } from "../store/index.ts";
import type { Handling } from "./handling.ts";
import type { Inbox } from "./inbox.ts";

const QUEUE = "inbox";

/**
 * How long to wait before asking a second time for a conversation that another node has, in milliseconds; then twice that, and so on, up
 * to the longest.
 */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 250;

/** How long what can be answered here alone waits for a conversation that another node has, in milliseconds. */
const LONG_PATIENCE = 10_000;

/** What {@link Claims} are made with. */
export interface ClaimsOptions {
  readonly leases: Leases;
  readonly inbox: Inbox;
  /** Whether this node has more to do in a conversation than what it is at. */
  readonly isAwaited: (conversation: string) => boolean;
  /** Handles an entry of the inbox under a lease. */
  readonly resume: (entry: QueueEntry, lease: Lease) => Promise<void>;
  /** How long to wait for another node before a stanza is journaled for it, in milliseconds. */
  readonly patience: number;
  readonly clock: Clock;
  readonly log: Logger | undefined;
}

/**
 * Has one node at a time at work on a conversation, where several share the store.
 *
 * A node that has a conversation first does what its inbox holds; what it cannot have it journals, and whoever has
 * it goes on with that: none gives a conversation back while something waits in it.
 */
export class Claims {
  readonly #options: ClaimsOptions;
  /** The conversations that this node has. */
  readonly #held = new Map<string, Lease>();
  /** The stanzas that have a task of their own here, by the ids of their entries: nobody is to take them for left behind. */
  readonly #own = new Set<string>();
  #retired = false;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** The conversations that this node has. */
  get held(): ReadonlyMap<string, Lease> {
    return this.#held;
  }

  /** Whether nothing is taken over any more. */
  get retired(): boolean {
    return this.#retired;
  }

  /** Nothing is taken over from other nodes any more; what waits is left to them. */
  retire(): void {
    this.#retired = true;
  }

  /** Says that a stanza will be {@link handle}d here. */
  expect(handling: Handling): void {
    this.#own.add(handling.entryId);
  }

  /**
   * Handles a stanza in its turn among all nodes, or leaves it to the one that has its conversation; what can be answered here alone is
   * refused then. It never rejects.
   */
  async handle(handling: Handling, conversation: string): Promise<void> {
    try {
      // What is in the inbox already can as well be done by a node that stays.
      const stays = !this.#retired || !handling.isAccepted;
      const lease = stays ? await this.#obtain(handling, conversation) : undefined;
      if (lease !== undefined) await handling.runUnder(lease);
      else await handling.leave();
    } catch (error) {
      handling.refuse(error);
    } finally {
      this.#own.delete(handling.entryId);
      this.#options.inbox.letGo(handling.entryId);
    }
    await this.giveBack(conversation);
  }

  /** Handles what waits in a conversation, unless another node has it. It never rejects. */
  async takeOver(conversation: string): Promise<void> {
    try {
      await this.#claim(conversation);
    } catch (error) {
      this.#options.log?.error({ err: error, conversation }, "a conversation could not be taken over yet");
    }
    await this.giveBack(conversation);
  }

  /**
   * Gives a conversation back, having done what waits in it. It never rejects: where the store is away this node keeps it, and
   * has to call this again.
   */
  async giveBack(conversation: string): Promise<void> {
    const { leases, isAwaited, resume, log } = this.#options;
    let last: string | undefined;
    try {
      for (let lease = this.#held.get(conversation); lease !== undefined && !isAwaited(conversation); ) {
        const waiting = await leases.release(lease);
        if (waiting !== undefined && this.#own.has(waiting.id)) return;
        if (waiting === undefined || this.#retired) {
          if (waiting !== undefined) await leases.abandon(lease);
          this.#held.delete(conversation);
          return;
        }
        // One that is still there after it was handled failed for a reason that may pass.
        if (waiting.id === last) return;
        last = waiting.id;
        await resume(waiting, lease);
      }
    } catch (error) {
      log?.error({ err: error, conversation }, "a conversation could not be given back yet");
    }
  }

  /** The lease under which a stanza may be handled; `undefined` where there is nothing to handle here any more. */
  async #obtain(handling: Handling, conversation: string): Promise<Lease | undefined> {
    for (;;) {
      let claim = (await this.#claim(conversation)) ?? (await this.#wait(conversation, handling));
      if (claim === undefined) {
        if (!handling.isMovable || !(await handling.hold())) return undefined;
        // Whoever has given it back meanwhile did not see this stanza; whoever has it now will not do so without seeing it.
        claim = await this.#claim(conversation);
        if (claim === undefined) return undefined;
      }
      const lease = await this.#catchUp(conversation, claim);
      if (lease !== undefined) return (await handling.isOpen()) ? lease : undefined;
    }
  }

  /** Handles what was acknowledged before; `undefined` where the conversation was lost over it. */
  async #catchUp(conversation: string, first: Claim): Promise<Lease | undefined> {
    let last: string | undefined;
    for (let claim: Claim | undefined = first; claim; claim = await this.#claim(conversation)) {
      const { lease, head } = claim;
      if (head === undefined || this.#own.has(head.id)) return lease;
      if (head.id === last) throw new Error(`the stanza before it, ${last}, cannot be brought to its end`);
      last = head.id;
      await this.#options.resume(head, lease);
    }
    return undefined;
  }

  /**
   * Waits a little for another node. Mostly it has just answered and is about to give the conversation back, and to wait that
   * long is less work for all than to journal the stanza and answer it by POST. It asks again instead of being told: to
   * tell everybody of every conversation that is given back would cost more than to ask a few times in the rare case.
   */
  async #wait(conversation: string, { isMovable }: Handling): Promise<Claim | undefined> {
    const { clock } = this.#options;
    const patience = isMovable ? this.#options.patience : LONG_PATIENCE;
    let waited = 0;
    for (let pause = FIRST_PAUSE; waited < patience; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const next = Math.min(pause, patience - waited);
      await new Promise<void>((resolve) => clock.after(next, resolve));
      waited += next;
      const claim = await this.#claim(conversation);
      if (claim !== undefined) return claim;
    }
    return undefined;
  }

  async #claim(conversation: string): Promise<Claim | undefined> {
    const claim = await this.#options.leases.claim(QUEUE, conversation);
    if (claim === undefined) this.#held.delete(conversation);
    else this.#held.set(conversation, claim.lease);
    return claim;
  }
}

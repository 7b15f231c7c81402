import { ConflictError, type Lease, type Leases, type Write } from "../store/index.ts";

/** The time for which the conversation of a stanza is this node's, where several share the store. */
export class Tenure {
  /** What everything that is written or sent depends on. */
  readonly fence: readonly Write[];
  readonly #lease: Lease;
  readonly #leases: Leases | undefined;
  #end: ConflictError | undefined;
  #committed = false;

  constructor(lease: Lease, leases: Leases | undefined) {
    this.fence = [{ fence: lease }];
    this.#lease = lease;
    this.#leases = leases;
  }

  /** What has told that the conversation is not this node's any more. */
  get end(): ConflictError | undefined {
    return this.#end;
  }

  /** Whether another node may have taken over, so that nothing may be said: it will say it. */
  get isOver(): boolean {
    if (this.#committed) return false;
    return this.#end !== undefined || this.#leases?.isHeld(this.#lease) !== true;
  }

  /** Says that what the handlers did is committed, so that only this node can tell what they said. */
  committed(): void {
    this.#committed = true;
  }

  /** Whether it is over by what a failure tells, which is noted. */
  endedBy(error: unknown): boolean {
    if (!(error instanceof ConflictError)) return false;
    this.#end ??= error;
    return true;
  }
}

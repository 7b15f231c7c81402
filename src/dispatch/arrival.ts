/** What is known of how a stanza came. */
export interface Arrival {
  /** An id that the stanza has again if it comes again. */
  readonly id?: string | undefined;
  /** Whether it may have come before. */
  readonly repeated?: boolean | undefined;
  /** For how long the same message from the same sender is taken for the one before, where there is no `id`, in milliseconds; default 0: not at all. */
  readonly window?: number | undefined;
}

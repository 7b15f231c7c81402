import type { Reply } from "../reply.ts";
import type { Entry, Question } from "./flight.ts";

/** How one run of a dialog has ended. */
export type RunEnd =
  | { readonly kind: "done"; readonly reply: Reply | undefined }
  /** It waits for an answer; `progress`: to another question than the one it waited at before. */
  | {
      readonly kind: "asked";
      readonly log: readonly Entry[];
      readonly question: Question;
      readonly progress: boolean;
    }
  /** `log` is what it has got through, where going back to the last question would do a step twice. */
  | {
      readonly kind: "failed";
      readonly error: unknown;
      readonly log: readonly Entry[] | undefined;
      readonly said: number;
    }
  /** What is recorded is not what the code does now. */
  | { readonly kind: "changed" }
  | { readonly kind: "too-large" };

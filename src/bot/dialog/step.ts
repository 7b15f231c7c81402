import type { JsonValue } from "../../store/index.ts";
import { misfit } from "../json-fit.ts";
import type { MaybePromise } from "../middleware.ts";
import type { Entry } from "./flight.ts";

/** What came of a step: what is recorded of it, and what it has thrown. */
export interface StepDone {
  readonly entry: Entry;
  readonly thrown?: { readonly error: unknown };
}

/** Does a step. It never rejects. */
export async function doStep(name: string, work: () => MaybePromise<unknown>): Promise<StepDone> {
  try {
    const value = await work();
    if (value === undefined) return { entry: { kind: "step", name } };
    const problem = misfit(value, `what d.step(${JSON.stringify(name)}) returned`);
    if (problem !== undefined)
      throw new TypeError(
        `${problem}, which cannot be kept as JSON; return less, or nothing, and look the rest up again`,
      );
    // As it will be read from the store, so that nobody builds upon what will not be there the next time.
    return { entry: { kind: "step", name, value: JSON.parse(JSON.stringify(value)) as JsonValue } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { entry: { kind: "step", name, error: message }, thrown: { error } };
  }
}

/** What was looked at. */
export type CheckArea = "types" | "config" | "bots" | "routes" | "commands" | "permissions";

/** Something that is wrong with a project. */
export interface Finding {
  readonly area: CheckArea;
  /** What is wrong, and what to do. */
  readonly message: string;
  /** The name of the bot that it is about. */
  readonly bot?: string;
  /** Where, as a file and a line from the folder of the project. */
  readonly place?: string;
}

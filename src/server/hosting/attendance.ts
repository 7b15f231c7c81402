import type { BotHandle } from "../../bot/index.ts";
import type { RoomKeeping } from "../room-keeping.ts";
import { attempt, attemptUntilDone } from "./attempts.ts";
import type { Course } from "./course.ts";

/** Where a bot is seen while it is at work: in its rooms, and by its contacts. None of this rejects. */
export class Attendance {
  readonly #handle: BotHandle;
  readonly #course: Course;
  readonly #keeping: RoomKeeping;
  #isInRooms = false;

  constructor(handle: BotHandle, course: Course, keeping: RoomKeeping) {
    this.#handle = handle;
    this.#course = course;
    this.#keeping = keeping;
  }

  /** Whether it is in its rooms, or on its way there. */
  get isInRooms(): boolean {
    return this.#isInRooms;
  }

  /** Enters its rooms, unless it is in. */
  enterRooms(): void {
    if (this.#isInRooms) return;
    this.#isInRooms = true;
    const handle = this.#handle;
    void this.#untilDone(() => handle.rooms.load()).then(() =>
      this.#untilDone(() => this.#keeping.enter(handle)),
    );
  }

  /** Leaves its rooms until it is switched on again. */
  async leaveRooms(): Promise<void> {
    this.#isInRooms = false;
    await this.#atEnd(() => this.#keeping.depart(this.#handle));
  }

  /** Leaves all rooms that any node has it in, to be back in them at the next start. */
  async leaveRoomsAtEnd(): Promise<void> {
    const { rooms } = this.#handle;
    await this.#atEnd(async () => {
      await rooms.load();
      await rooms.departAll();
    });
  }

  /** Tells its contacts what it is like, once the bots have begun. */
  announce(): void {
    if (this.#course.life !== undefined) void this.#untilDone(() => this.#handle.contacts.announce());
  }

  /** Asks who of its contacts is there. */
  probe(): void {
    void this.#untilDone(() => this.#handle.contacts.probe());
  }

  /** Says goodbye to its contacts, or leaves them to the other nodes. */
  async leaveContacts(isLast: boolean): Promise<void> {
    const { contacts } = this.#handle;
    await this.#atEnd(async () => {
      if (isLast) await contacts.depart();
      else contacts.end();
    });
  }

  async #untilDone(run: () => Promise<void>): Promise<void> {
    await attemptUntilDone(this.#handle, this.#course.ending, run);
  }

  async #atEnd(run: () => Promise<void>): Promise<void> {
    await attempt(this.#handle, "stop", this.#course.ending, run);
  }
}

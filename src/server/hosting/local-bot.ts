import {
  type Bot,
  type BotHandle,
  type ContactPolicy,
  contactRules,
  type Profile,
  showInRooms,
} from "../../bot/index.ts";
import { BotGate, type Mount } from "../../dispatch/index.ts";
import { botFeatures } from "../bot-features.ts";
import { BotVersion } from "../bot-version.ts";
import type { FoundWeb } from "../hooks/index.ts";
import type { RoomKeeping } from "../room-keeping.ts";
import { attempt, attemptUntilDone } from "./attempts.ts";
import { Attendance } from "./attendance.ts";
import { bringUp } from "./bring-up.ts";
import type { Course } from "./course.ts";

/** What a {@link LocalBot} takes. */
export interface LocalBotOptions {
  readonly mount: Mount;
  readonly course: Course;
  readonly keeping: RoomKeeping;
  /** Who may be its contact, in the place of what it says itself. */
  readonly policy: ContactPolicy | undefined;
  /** How long its start waits for its `setup`, in milliseconds; default 10,000. */
  readonly patience: number | undefined;
  /** Told when a version of it has taken its place at its address. */
  readonly onInstalled: () => void;
  /** Told that it has come to work after the start, with its own times. */
  readonly onAwake: (() => Promise<void>) | undefined;
}

/** A bot at work in this process, from its loading to its end, through all its versions. */
export class LocalBot {
  /** The same for all versions. */
  readonly handle: BotHandle;
  /** The same for all versions. */
  readonly gate: BotGate;
  readonly #options: LocalBotOptions;
  /** The one at its address. */
  #version: BotVersion | undefined;
  /** The one that is to take its place. */
  #newer: BotVersion | undefined;
  readonly #attendance: Attendance;
  /** Settles when it is neither being exchanged nor switched; it never rejects. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(handle: BotHandle, options: LocalBotOptions) {
    this.handle = handle;
    this.#options = options;
    this.#attendance = new Attendance(handle, options.course, options.keeping);
    const { log, clock } = handle;
    this.gate = new BotGate({ log, clock, onPause: () => this.#attendance.announce() });
  }

  /**
   * Puts a version of the bot at its address, in the place of an older one, which is stopped. One whose `setup` fails is there all the
   * same, and is set up as soon as that works.
   *
   * @throws ZodError when its configuration does not fit its schema, and Error when it takes the place of an older one and is not set
   * up, does not start or is not well; the older one goes on then.
   */
  async put(bot: Bot, config: unknown, profile: Profile): Promise<void> {
    await this.#inTurn(async () => {
      const newer = new BotVersion(bot, config, this.handle, this.gate, profile);
      this.#newer = newer;
      try {
        await this.#put(newer);
      } finally {
        this.#newer = undefined;
      }
    });
  }

  async #put(newer: BotVersion): Promise<void> {
    const { course } = this.#options;
    const older = this.#version;
    // What is wrong with it shows while the older one is still at work.
    if (!newer.hasSetup) await newer.setUp();
    if (course.hasBegun && older && this.gate.state !== "disabled") return await this.#exchange(older, newer);
    await older?.end();
    if (this.gate.state === "disabled") return this.#install(newer);
    const isSetUp = await this.#bringUp(newer);
    if (course.hasBegun && isSetUp) this.#start(newer);
  }

  /** Ends the older version, whose handlers finish first, and has the newer one begin; what comes meanwhile waits. */
  async #exchange(older: BotVersion, newer: BotVersion): Promise<void> {
    const { handle } = this;
    await this.gate.drain();
    await this.#finish(older);
    try {
      this.#options.course.ending.throwIfAborted();
      if (!newer.isSetUp) await newer.setUp();
      await newer.configured.start(handle);
      await newer.configured.health(handle);
    } catch (error) {
      await this.#finish(newer);
      await this.#attempt("start", () => this.#resume(older));
      throw new Error(`${handle.name} does not start, so the one from before goes on`, { cause: error });
    }
    this.#install(newer);
    this.#attendance.enterRooms();
  }

  /** Has the version go on that was there before. */
  async #resume(older: BotVersion): Promise<void> {
    if (this.#options.course.isEnding) return;
    try {
      if (!(await this.#bringUp(older))) return;
    } catch (error) {
      // It is not well, which is better said than kept from those who wait.
      this.#install(older);
      throw error;
    }
    this.#attendance.enterRooms();
    await older.configured.start(this.handle);
  }

  /** Sets a version up, and lets it in. */
  async #bringUp(version: BotVersion): Promise<boolean> {
    return await bringUp(version, {
      patience: this.#options.patience,
      onChange: () => this.#install(version),
      onAwake: () => this.#awake(version),
    });
  }

  /** A version that was asleep begins. */
  #awake(version: BotVersion): void {
    const { name, log } = this.handle;
    const { course, onAwake } = this.#options;
    log.info(`${name} is set up`);
    if (!course.hasBegun) return;
    this.#start(version);
    onAwake?.().catch((error: unknown) => {
      log.error({ err: error }, `the times of ${name} could not be planned`);
    });
  }

  #install(version: BotVersion): void {
    const { handle, gate } = this;
    const { mount, course, policy, onInstalled } = this.#options;
    const { configured } = version;
    this.#version = version;
    if (handle.identity.show(version.profile, botFeatures(configured.routes)))
      showInRooms(handle).catch((error: unknown) => {
        handle.log.warn({ err: error }, "the rooms do not see yet what the bot shows of itself");
      });
    gate.configure(configured);
    gate.ready = version.isSetUp;
    const { judge } = policy === undefined ? configured.contactRules : contactRules({ policy });
    handle.contacts.configure({ ...configured.contactRules, judge }, configured.texts);
    mount.put({ ...handle, ...configured, gate });
    onInstalled();
    gate.open();
    if (course.life === undefined) return;
    handle.contacts.begin(course.life);
    this.#attendance.announce();
  }

  /** Its web hooks; `undefined` where it has none. */
  get web(): FoundWeb | undefined {
    const web = this.#version?.web;
    return web && { ...web, open: this.#options.course.hasBegun && !this.gate.isAsleep };
  }

  /** Lets it begin with all the others: it shows itself to its contacts, joins its rooms, and does what it does at its start. */
  start(life: string): void {
    this.handle.contacts.begin(life);
    // Whom nobody sees does not say that nobody sees it.
    if (this.gate.state !== "disabled") this.#attendance.announce();
    if (this.#version !== undefined && !this.gate.isAsleep) this.#start(this.#version);
  }

  #start(version: BotVersion): void {
    const { handle } = this;
    void attemptUntilDone(handle, this.#options.course.ending, () => version.configured.start(handle));
    this.#attendance.enterRooms();
  }

  /** Prosody has started, and nobody was told who has gone with it. */
  prosodyStarted(): void {
    if (!this.gate.isAsleep) this.#attendance.probe();
  }

  /** Switches it off, when its handlers are through, or on again. */
  turn(off: boolean): void {
    if ((this.gate.state === "disabled") === off) return;
    this.gate.disabled = off;
    if (this.#options.course.hasBegun) void this.#inTurn(() => this.#switch(off));
  }

  async #switch(off: boolean): Promise<void> {
    const version = this.#version;
    // It may have been switched back meanwhile.
    if (version === undefined || this.#options.course.isEnding) return;
    if ((this.gate.state === "disabled") !== off || (!off && this.#attendance.isInRooms)) return;
    this.handle.log.info(off ? "it was switched off" : "it was switched on");
    if (!off)
      return await this.#attempt("start", async () => {
        if (await this.#bringUp(version)) this.#awake(version);
      });
    await this.gate.drain();
    await this.#finish(version);
    await this.#attendance.leaveRooms();
    this.#install(version);
  }

  /**
   * Lets it end, once nothing is set up or begun any more.
   *
   * @param isLast whether this is the last node: then it leaves its rooms, to be back in them at the next start.
   */
  async stop(isLast: boolean): Promise<void> {
    await this.#newer?.end();
    await this.#changing;
    const version = this.#version;
    if (this.#attendance.isInRooms && version?.isSetUp)
      await this.#attempt("stop", () => version.configured.stop(this.handle));
    if (isLast && this.#options.course.hasBegun) await this.#attendance.leaveRoomsAtEnd();
  }

  /** Says goodbye to its contacts, or leaves them to the other nodes. */
  async depart(isLast: boolean): Promise<void> {
    await this.#attendance.leaveContacts(isLast);
  }

  /** Closes what it has set up, whether or not it has begun. */
  async close(): Promise<void> {
    await Promise.all([this.#newer?.end(), this.#version?.end()]);
  }

  /** Has a version stop, where it had begun, and closes what it had. */
  async #finish(version: BotVersion): Promise<void> {
    if (version.isSetUp) await this.#attempt("stop", () => version.configured.stop(this.handle));
    await version.end();
  }

  async #attempt(what: "start" | "stop", run: () => Promise<void>): Promise<void> {
    await attempt(this.handle, what, this.#options.course.ending, run);
  }

  /** One change after another: two at once would wait for the same handlers, and each would undo the other. */
  async #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    await changed;
  }
}

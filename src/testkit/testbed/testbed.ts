import type { z } from "zod";
import { type Bot, BufferedStorage } from "../../bot/index.ts";
import { Jid } from "../../stanza/index.ts";
import { BotProcess } from "./bot-process.ts";
import { TestbedError } from "./error.ts";
import type { TestNetwork } from "./mischief.ts";
import type { TestbedOptions } from "./options.ts";
import { BOTS, ROOMS, Site } from "./site.ts";
import type { TestClock } from "./test-clock.ts";
import type { TestFiles } from "./test-files.ts";
import { type RoomOptions, TestRoom } from "./test-room.ts";
import { TestService } from "./test-service.ts";
import { type Surroundings, TestUser } from "./test-user.ts";

const MONDAY = "2026-01-05T09:00:00Z";

/** What a restart may change. */
export interface RestartOptions {
  /** Another edition of a bot, in the place of the one of its name. */
  readonly bot?: Bot | undefined;
}

/**
 * Bots on a Prosody of their own, without a network: real dispatcher, outbox, store, services and answers, and the rooms, rules and
 * mod_rest of the double, called directly. Time stands still but for `clock.advance`.
 *
 * @param bots one, or several that live beside each other.
 * @throws ZodError when the configuration does not fit; TestbedError when a bot fails to start.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { test } from "node:test";
 * import { defineBot } from "restanza";
 * import { testbed } from "restanza/testkit";
 *
 * const bot = defineBot({
 *   name: "greeter",
 *   summary: "greets you",
 *   routes: (on) => void on.hears("hello", (ctx) => `Hello, ${ctx.from.local}!`),
 * });
 *
 * test("it greets people by name", async () => {
 *   await using bed = await testbed(bot);
 *   const { alice } = bed;
 *   assert.equal((await alice.says("hello")).body, "Hello, alice!");
 *   (await alice.says("bye")).expect();
 * });
 * ```
 */
export async function testbed<Schema extends z.ZodType, Resources>(
  bots: Bot<Schema, Resources> | readonly Bot[],
  options: TestbedOptions<z.input<Schema>, Resources> = {},
): Promise<Testbed> {
  const list: readonly Bot[] = isList(bots) ? bots : [bots as unknown as Bot];
  const byName = (given: unknown): Map<string, unknown> =>
    new Map(isList(bots) ? Object.entries(given ?? {}) : given === undefined ? [] : [[bots.name, given]]);
  return await Testbed.start(list, byName(options.config), byName(options.resources), options);
}

function isList(bots: Bot<never> | readonly Bot[] | object): bots is readonly Bot[] {
  return Array.isArray(bots);
}

/** A {@link testbed} at work. */
export class Testbed implements AsyncDisposable {
  readonly #site: Site;
  readonly #configs: ReadonlyMap<string, unknown>;
  readonly #resources: ReadonlyMap<string, unknown>;
  readonly #users = new Map<string, TestUser>();
  readonly #rooms = new Map<string, TestRoom>();
  readonly #services = new Map<string, TestService>();
  readonly #around: Surroundings;
  #bots: readonly Bot[];
  #process: BotProcess;

  private constructor(
    site: Site,
    bots: readonly Bot[],
    configs: ReadonlyMap<string, unknown>,
    resources: ReadonlyMap<string, unknown>,
  ) {
    this.#site = site;
    this.#bots = bots;
    this.#configs = configs;
    this.#resources = resources;
    this.#process = new BotProcess(site, bots);
    this.#around = {
      site,
      through: () => site.through(() => this.#process),
      bot: (name) => this.#bot(name),
      room: (room) => this.#room(room),
      hasBot: (room) => this.#bots.some(({ name }) => room.nickOf(this.#bot(name).toString()) !== undefined),
    };
  }

  /** @internal */
  static async start(
    bots: readonly Bot[],
    configs: ReadonlyMap<string, unknown>,
    resources: ReadonlyMap<string, unknown>,
    { permissions = {}, now = MONDAY, storage = {}, failures = "throw", patience = 2_000 }: TestbedOptions,
  ): Promise<Testbed> {
    const time = new Date(now).getTime();
    if (Number.isNaN(time))
      throw new TestbedError(`${JSON.stringify(now)} is no time; give one as 2026-01-05T09:00:00Z`);
    if (bots.length === 0) throw new TestbedError("a testbed without a bot has nothing to test: give it one");
    const site = new Site({ permissions, now: time, throwsFailures: failures === "throw", patience });
    const bed = new Testbed(site, bots, configs, resources);
    try {
      await bed.#fill(storage);
      await bed.#begin();
    } catch (error) {
      bed.#process.kill();
      throw error;
    }
    return bed;
  }

  /** The time, which stands still unless it is advanced. */
  get clock(): TestClock {
    return this.#site.clock;
  }

  /** The network between Prosody and the bots, and what may go wrong there. */
  get network(): TestNetwork {
    return this.#site.mischief;
  }

  /** Where files are uploaded to, by bots and people. */
  get files(): TestFiles {
    return this.#site.files;
  }

  /** A person, as is each of the next two. */
  get alice(): TestUser {
    return this.user("alice");
  }

  get bob(): TestUser {
    return this.user("bob");
  }

  get carol(): TestUser {
    return this.user("carol");
  }

  /** The person of a name, the same each time. */
  readonly user = (name: string): TestUser => {
    const known = this.#users.get(name);
    if (known !== undefined) return known;
    const user = new TestUser(name, this.#around);
    this.#users.set(name, user);
    return user;
  };

  /**
   * A service beside the bots, the same each time: what `ctx.calls` asks there is answered as the test says.
   *
   * @param domain such as `pubsub.localhost`, or `localhost` for the server that the people are on; not that of bots or rooms.
   */
  readonly service = (domain: string): TestService => {
    const known = this.#services.get(domain);
    if (known !== undefined) return known;
    const service = new TestService(domain, this.#site, () => this.#around.through());
    this.#services.set(domain, service);
    return service;
  };

  /** The room of a name, the same each time; the bots are in it when it is made. */
  readonly room = async (name: string, options: RoomOptions = {}): Promise<TestRoom> => {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    const { site } = this.#around;
    const { bots = this.#bots.map((bot) => bot.name), ...made } = options;
    const jid = Jid.of(name, ROOMS);
    const room = new TestRoom(
      name,
      site.rooms.create(jid.toString(), { ...made, clock: site.clock }),
      site,
      () => this.#around.through(),
    );
    this.#rooms.set(name, room);
    for (const bot of bots) {
      this.#around.bot(bot);
      await this.#process.mount.get(bot)?.rooms.join(jid);
    }
    await this.#around.through();
    return room;
  };

  /**
   * Ends the bots' process as `kill -9` does, in the middle of whatever it is at, and starts the next one on what is stored.
   * Messages that were not acknowledged come again, as they do with `mod_restanza_callback`.
   */
  async restart({ bot }: RestartOptions = {}): Promise<void> {
    if (bot !== undefined) this.#around.bot(bot.name);
    this.#process.kill();
    this.#site.transcript.note("restart");
    if (bot !== undefined) {
      this.#bots = this.#bots.map((each) => (each.name === bot.name ? bot : each));
    }
    this.#process = new BotProcess(this.#site, this.#bots);
    await this.#begin();
  }

  /** Has Prosody go away: nothing that bots send arrives, until {@link Testbed.prosodyBack}. */
  prosodyAway(): void {
    this.#site.transcript.note("Prosody is away");
    this.#site.away = true;
  }

  /** Has Prosody come back. What waits to be sent goes when the clock has been advanced, by a minute at most. */
  prosodyBack(): void {
    this.#site.transcript.note("Prosody is back");
    this.#site.away = false;
  }

  /**
   * Calls a web hook of a bot, as others do over HTTP.
   *
   * @param path as on the server: `/bots/NAME/` and what follows.
   * @returns its answer, when all that follows from it has happened.
   * @throws TestbedError when the bot has no web hooks, or a handler failed.
   */
  async calls(path: string, init?: RequestInit): Promise<Response> {
    const { site } = this.#around;
    const [, bot = "", rest = ""] = /^\/bots\/([^/?]+)(\/.*)?$/.exec(path) ?? [];
    const request = new Request(`http://localhost${rest || "/"}`, init);
    site.transcript.note(`${request.method} ${path}`);
    const answer = await this.#process.call(bot, request, (why) => site.transcript.note(`refused: ${why}`));
    if (answer === undefined)
      throw site.error(`there are no web hooks at ${path}: a bot that has web is called at /bots/NAME/`);
    await this.#around.through();
    return answer;
  }

  /** Resolves when every handler is through. @throws TestbedError when one failed, or is not through in time. */
  async idle(): Promise<void> {
    await this.#around.through();
  }

  /** Who said what to whom so far. */
  transcript(): string {
    return this.#site.transcript.toString();
  }

  /** Lets the bots stop. @throws TestbedError when something has failed that no call has thrown yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
    this.#site.end();
    this.#site.throwFailures();
  }

  async #begin(): Promise<void> {
    const bots = this.#bots.map((bot) =>
      this.#resources.has(bot.name) ? { ...bot, setup: () => this.#resources.get(bot.name) } : bot,
    );
    await this.#process.start(bots, this.#configs);
    this.#site.serve(this.#process);
    await this.#around.through();
  }

  async #fill(values: NonNullable<TestbedOptions["storage"]>): Promise<void> {
    const entries = Object.entries(values);
    if (entries.length === 0) return;
    const storage = new BufferedStorage(
      this.#site.store,
      this.#around.bot(this.#bots[0]?.name).toString(),
      this.clock,
    );
    for (const [key, value] of entries) storage.set(key, value);
    await this.#site.store.commit(storage.conclude());
  }

  #bot(name?: string): Jid {
    const names = this.#bots.map((bot) => bot.name);
    if (name === undefined && names.length > 1)
      throw new TestbedError(
        `there are several bots (${names.join(", ")}), so say which: alice.to(${JSON.stringify(names[0])})`,
      );
    const chosen = name ?? (names[0] as string);
    if (!names.includes(chosen))
      throw new TestbedError(`there is no bot called ${chosen}; there are ${names.join(", ")}`);
    return chosen === "help" ? Jid.of(undefined, BOTS) : Jid.of(chosen, BOTS);
  }

  #room(room: string | TestRoom): TestRoom {
    if (room instanceof TestRoom) return room;
    const known = this.#rooms.get(room);
    if (known !== undefined) return known;
    const names = [...this.#rooms.keys()].join(", ") || "none yet";
    throw new TestbedError(
      `there is no room called ${room}; there are ${names}: await bed.room(${JSON.stringify(room)}) makes one`,
    );
  }
}

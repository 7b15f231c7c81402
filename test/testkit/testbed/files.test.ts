import assert from "node:assert/strict";
import { test } from "node:test";
import { DownloadError, defineBot, fileMessage, UploadError } from "../../../src/index.ts";
import { testbed } from "../../../src/testkit/index.ts";
import { NS_FILE_SHARING, readFallback, readOutOfBand } from "../../../src/xep/index.ts";

const cat = Buffer.from("meow");

const bot = defineBot({
  name: "cats",
  summary: "sends cats, and looks at yours",
  rooms: { invitations: "accept" },
  routes(on) {
    on.hears("cat", async (ctx) => {
      const progress: number[] = [];
      const { url } = await ctx.sendFile(
        { data: cat, name: "cat.png", mediaType: "image/png", description: "a cat" },
        { onProgress: ({ sent, total }) => progress.push(sent / total) },
      );
      return `${url} ${progress}`;
    });
    on.hears("huge", async (ctx) => {
      try {
        await ctx.sendFile({ data: Buffer.alloc(11), name: "huge" });
      } catch (error) {
        if (error instanceof UploadError) return `${error.reason} ${error.maxBytes}`;
        throw error;
      }
      return undefined;
    });
    on.on("message:file", async (ctx) => {
      try {
        const { data, mediaType } = await ctx.download(ctx.files[0], {
          maxBytes: 100,
          mediaTypes: ["image/*"],
        });
        return `${data.length} bytes of ${mediaType}`;
      } catch (error) {
        if (error instanceof DownloadError) return error.reason;
        throw error;
      }
    });
  },
  web(app, started) {
    app.post("/", async (c) => {
      await started.sendFile("lobby@rooms.localhost", { data: cat, name: "cat.png" });
      return c.body(null, 204);
    });
  },
});

test("a bot sends a file by its address alone, and says what it is to clients that know", async () => {
  await using bed = await testbed(bot);
  const [file, words] = [...(await bed.alice.says("cat"))];
  assert.ok(file && words);
  const url = "https://upload.localhost/1/cat.png";
  assert.deepEqual([file.body, words.body, file.type], [url, `${url} 1`, "chat"]);
  const { stanza } = file;
  assert.ok(stanza.kind === "message");
  assert.deepEqual(readOutOfBand(stanza), [{ url, description: undefined }]);
  assert.equal(readFallback(stanza, NS_FILE_SHARING), "all");
  const shared = file.files[0] ?? assert.fail();
  assert.deepEqual(
    [shared.url, shared.name, shared.mediaType, shared.size, shared.description],
    [url, "cat.png", "image/png", 4, "a cat"],
  );
  assert.equal(shared.hashes?.["sha-256"]?.length, 44);
  assert.deepEqual(Buffer.from(bed.files.get(url)?.data ?? []), cat);
});

test("in a room everybody gets it, be it a reply or of its own accord", async () => {
  await using bed = await testbed(bot);
  const lobby = await bed.room("lobby");
  const [file] = [...(await bed.alice.in(lobby).says("cat"))];
  assert.equal(file?.type, "groupchat");
  assert.equal((await bed.calls("/bots/cats/", { method: "POST" })).status, 204);
  assert.equal((await bed.alice.hears(/2\/cat\.png$/)).type, "groupchat");
});

test("a file that is too large is told of, and not sent", async () => {
  await using bed = await testbed(bot);
  bed.files.maxBytes = 10;
  (await bed.alice.says("huge")).expect("too-large 10");
});

test("a bot looks at a file that somebody shares, as far as it wants to", async () => {
  await using bed = await testbed(bot);
  const { alice, files } = bed;
  const shares = (data: Uint8Array, mediaType: string) => alice.shares({ data, mediaType, name: "it" });
  (await shares(cat, "image/png")).expect("4 bytes of image/png");
  (await shares(Buffer.alloc(101), "image/png")).expect("size");
  (await shares(cat, "text/plain")).expect("type");
  files.downloads = false;
  (await shares(cat, "image/png")).expect("off");
});

test("a file that is another than the one shared is not taken", async () => {
  await using bed = await testbed(bot);
  const { alice, files } = bed;
  const shared = await files.upload({ data: cat, name: "cat.png", mediaType: "image/png" });
  files.put(shared.url, { data: new Uint8Array(4), mediaType: "image/png" });
  (await alice.sends(fileMessage(shared))).expect("hash");
});

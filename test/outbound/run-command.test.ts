import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  CommandFailedError,
  CommandFormError,
  CommandRefusedError,
  type RemoteCommand,
  serverCommands,
} from "../../src/outbound/index.ts";
import { type Element, readXml, StanzaError, writeXml } from "../../src/stanza/index.ts";
import {
  buildCommandAnswer,
  buildDataForm,
  type CommandAnswerInit,
  type CommandCondition,
  type CommandRequest,
  commandError,
  type FieldInit,
  formValues,
  readCommandRequest,
} from "../../src/xep/index.ts";
import { idOf, result, ScriptedServer, xml } from "./scripted-server.ts";

type Step = CommandRequest & { readonly values: Record<string, readonly string[]> };

/** Answers each step of a command as the test says, and knows what it was asked. */
async function entity(answer: (step: Step) => Omit<CommandAnswerInit, "node"> | StanzaError) {
  const steps: Step[] = [];
  const server = await ScriptedServer.start((request) => {
    const command = readXml(request.body).elements[0] as Element;
    const asked = readCommandRequest(command) as CommandRequest;
    const step = { ...asked, values: Object.fromEntries(formValues(asked.form ?? { fields: [] })) };
    steps.push(step);
    const answered = answer(step);
    if (answered instanceof StanzaError) {
      xml(request, `<iq type='error' id='${idOf(request.body)}'>${writeXml(answered.toElement())}</iq>`);
    } else result(request, writeXml(buildCommandAnswer({ node: asked.node, ...answered })));
  });
  const client = server.client();
  const end = async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  };
  return { query: client.query, steps, [Symbol.asyncDispose]: end };
}

const formOf = (...fields: FieldInit[]) => buildDataForm({ formType: "urn:test", fields });
const resultOf = (...fields: FieldInit[]) => buildDataForm({ type: "result", fields });
const HOST = "example.com";

test("a command without a form is over at once, and says what it has to say", async () => {
  await using other = await entity(() => ({
    status: "completed",
    notes: [
      { type: "info", text: "Up for a day\n" },
      { type: "warn", text: "Be careful" },
    ],
  }));
  const { text, notes, values, rows, form } = await other.query.run(HOST, "uptime");
  assert.equal(text, "Up for a day\nBe careful");
  assert.equal(notes.length, 2);
  assert.deepEqual([{ ...values }, rows, form], [{}, [], undefined]);
  assert.deepEqual(
    other.steps.map(({ node, action, sessionId }) => [node, action, sessionId]),
    [["uptime", "execute", undefined]],
  );
});

test("what is given is filled into the form that asks for it, stage by stage; what a form has stays", async () => {
  await using other = await entity(({ sessionId, values }) => {
    if (sessionId === undefined)
      return {
        status: "executing",
        sessionId: "s1",
        actions: ["next"],
        form: formOf(
          { var: "token", type: "hidden", values: ["t"] },
          { var: "name", type: "text-single", required: true },
          { var: "about", type: "text-multi", values: ["as it was"] },
        ),
      };
    if (values["count"] === undefined)
      return {
        status: "executing",
        sessionId: "s1",
        actions: ["prev", "complete"],
        execute: "complete",
        form: formOf(
          { var: "count", type: "text-single" },
          { var: "open", type: "boolean" },
          { var: "tags", type: "list-multi", options: [{ value: "a" }, { value: "b" }] },
          { var: "at", type: "text-single" },
        ),
      };
    return { status: "completed", sessionId: "s1", form: resultOf({ var: "id", values: ["7"] }) };
  });
  const { values } = await other.query.run(HOST, "make", {
    name: "x",
    count: 3,
    open: true,
    tags: ["a", "b"],
    at: new Date(0),
    nothing: undefined,
  });
  assert.deepEqual({ ...values }, { id: "7" });
  assert.deepEqual(
    other.steps.map(({ action, sessionId, values }) => [action, sessionId, values]),
    [
      ["execute", undefined, {}],
      ["next", "s1", { FORM_TYPE: ["urn:test"], token: ["t"], name: ["x"], about: ["as it was"] }],
      [
        "complete",
        "s1",
        {
          FORM_TYPE: ["urn:test"],
          count: ["3"],
          open: ["1"],
          tags: ["a", "b"],
          at: ["1970-01-01T00:00:00.000Z"],
        },
      ],
    ],
  );
});

test("what a result holds is read by its fields: lists, booleans, lines, tables", async () => {
  await using other = await entity(() => ({
    status: "completed",
    form: buildDataForm({
      type: "result",
      fields: [
        { var: "FORM_TYPE", type: "hidden", values: ["urn:test"] },
        { var: "__proto__", type: "text-single", values: ["hostile"] },
        { type: "fixed", values: ["a heading"] },
        { var: "many", values: ["1", "2"] },
        { var: "yes", type: "boolean", values: ["true"] },
        { var: "lines", type: "text-multi", values: ["1", "2"] },
        { var: "none", type: "jid-multi" },
      ],
      reported: [{ var: "name" }],
      items: [[{ var: "name", values: ["one"] }], [{ var: "name", values: ["two"] }]],
    }),
  }));
  const { values, rows } = await other.query.run(HOST, "show");
  assert.deepEqual(Object.entries(values), [
    ["__proto__", "hostile"],
    ["many", ["1", "2"]],
    ["yes", true],
    ["lines", "1\n2"],
    ["none", []],
  ]);
  assert.deepEqual(
    rows.map((row) => row["name"]),
    ["one", "two"],
  );
});

test("what does not fit the form is told before it is submitted, and the command is called off", async () => {
  const form = formOf(
    { var: "who", type: "jid-single", required: true },
    { var: "colour", type: "list-single", options: [{ value: "red" }] },
  );
  await using other = await entity(({ action }) =>
    action === "cancel"
      ? { status: "canceled" }
      : { status: "executing", sessionId: "s", actions: ["next", "complete"], execute: "complete", form },
  );
  await assert.rejects(other.query.run(HOST, "paint", { colour: "blue", size: 3 }), (error) => {
    assert.ok(error instanceof CommandFormError);
    assert.deepEqual(error.problems, [
      { field: "size", kind: "unknown" },
      { field: "who", kind: "missing" },
      { field: "colour", kind: "no-option" },
    ]);
    assert.equal(error.ran, false);
    assert.match(error.message, /asks for who, colour; it was called off$/);
    return true;
  });
  assert.deepEqual(
    other.steps.map(({ action, sessionId }) => [action, sessionId]),
    [
      ["execute", undefined],
      ["cancel", "s"],
    ],
  );
});

test("what no form asked for is told, though the command has run", async () => {
  await using other = await entity(() => ({ status: "completed" }));
  await assert.rejects(
    other.query.run(HOST, "uptime", { size: 3 }),
    (error) => error instanceof CommandFormError && error.ran && /has run without/.test(error.message),
  );
});

test("a command that fails, or is called off by who runs it, is an error with its words", async () => {
  await using failing = await entity(() => ({
    status: "completed",
    notes: [
      { type: "info", text: "Tried it" },
      { type: "error", text: "Account already exists" },
    ],
  }));
  await assert.rejects(failing.query.run(HOST, "add"), (error) => {
    assert.ok(error instanceof CommandFailedError);
    assert.equal(error.message, "The command add has failed: Account already exists");
    return true;
  });
  await using canceled = await entity(() => ({ status: "canceled" }));
  await assert.rejects(canceled.query.run(HOST, "add"), /was called off/);
});

test("a command that goes on without end is called off", async () => {
  await using other = await entity(({ action }) =>
    action === "cancel"
      ? { status: "canceled" }
      : { status: "executing", sessionId: "s", actions: ["next"], form: formOf() },
  );
  await assert.rejects(other.query.run(HOST, "loop"), /more than 64 stages/);
  assert.equal(other.steps.length, 66);
  assert.equal(other.steps.at(-1)?.action, "cancel");
});

test("a refusal says why: each reason of XEP-0050, and who may not", async () => {
  const conditions: CommandCondition[] = [
    "bad-action",
    "bad-locale",
    "bad-payload",
    "bad-sessionid",
    "malformed-action",
    "session-expired",
  ];
  let refusal = commandError("bad-action");
  await using other = await entity(() => refusal);
  const reasonOf = (asked: Promise<unknown>) =>
    asked.then(
      () => "nothing",
      (error: unknown) => {
        assert.ok(error instanceof StanzaError);
        return error instanceof CommandRefusedError ? error.reason : `plain ${error.condition}`;
      },
    );
  for (const condition of conditions) {
    refusal = commandError(condition, { text: "no" });
    assert.equal(await reasonOf(other.query.run(HOST, "add")), condition);
    assert.equal(await reasonOf(other.query.command(HOST, "add", { sessionId: "s" })), condition);
  }
  refusal = new StanzaError("forbidden");
  assert.equal(await reasonOf(other.query.run(HOST, "add")), "forbidden");
  refusal = new StanzaError("item-not-found");
  assert.equal(await reasonOf(other.query.run(HOST, "add")), "item-not-found");
  refusal = new StanzaError("service-unavailable");
  assert.equal(await reasonOf(other.query.run(HOST, "add")), "plain service-unavailable");
});

test("a typed command checks what it is given, and what comes of it", async () => {
  const double = {
    node: "double",
    fields: z.object({ number: z.number() }).transform(({ number }) => ({ n: number })),
    result: z.object({ twice: z.coerce.number() }),
  } satisfies RemoteCommand;
  await using other = await entity(({ values }) =>
    values["n"] === undefined
      ? { status: "executing", sessionId: "s", form: formOf({ var: "n" }) }
      : { status: "completed", form: resultOf({ var: "twice", values: [String(Number(values["n"]) * 2)] }) },
  );
  const { values } = await other.query.run(HOST, double, { number: 21 });
  assert.equal(values.twice satisfies number, 42);
  await assert.rejects(async () => other.query.run(HOST, double, { number: "x" } as never), z.ZodError);
  assert.equal(other.steps.length, 2, "what does not fit is not sent");
});

test("the commands of servers have friendlier fields than their forms", async () => {
  await using other = await entity(({ sessionId, node }) =>
    sessionId === undefined
      ? {
          status: "executing",
          sessionId: "s",
          form: formOf(
            { var: "accountjid", type: "jid-single", required: true },
            { var: "password", type: "text-private" },
            { var: "password-verify", type: "text-private" },
          ),
        }
      : { status: "completed", notes: [{ type: "info", text: node }] },
  );
  await other.query.run(HOST, serverCommands.addUser, { jid: "Dora@Example.COM", password: "p" });
  assert.deepEqual(other.steps[1]?.values, {
    FORM_TYPE: ["urn:test"],
    accountjid: ["dora@example.com"],
    password: ["p"],
    "password-verify": ["p"],
  });
});

test("stages with fields of the same name are each given their own", async () => {
  const answers: string[] = [];
  await using other = await entity(({ values }) => {
    if (values["answer"]) answers.push(values["answer"][0] ?? "");
    return answers.length === 3
      ? { status: "completed", notes: [{ type: "info", text: answers.join() }] }
      : {
          status: "executing",
          sessionId: "s",
          actions: ["next"],
          form: formOf({ var: "answer", required: true }),
        };
  });
  const given = [{ answer: "a" }, { answer: "b" }, { answer: "c" }];
  assert.equal((await other.query.run(HOST, "ask", given)).text, "a,b,c");
  answers.length = 0;
  await assert.rejects(other.query.run(HOST, "ask", given.slice(0, 2)), /answer is required/);
  answers.length = 0;
  await assert.rejects(
    other.query.run(HOST, "ask", [{ reply: "a" }, { answer: "b" }]),
    /reply is no field of its form/,
  );
  answers.length = 0;
  await assert.rejects(
    other.query.run(HOST, "ask", [...given, { answer: "d" }]),
    (error) => error instanceof CommandFormError && error.ran,
  );
});

test("a form that comes again with an error is not filled in again: what it says is the error", async () => {
  const form = formOf({ var: "count" });
  await using other = await entity(({ action, sessionId }) =>
    action === "cancel"
      ? { status: "canceled" }
      : {
          status: "executing",
          sessionId: "s",
          actions: ["complete"],
          form,
          notes: sessionId === undefined ? [] : [{ type: "error", text: "12 is too much" }],
        },
  );
  await assert.rejects(
    other.query.run(HOST, "order", { count: 12 }),
    /^CommandFailedError: The command order did not take what was filled in: 12 is too much$/,
  );
  assert.deepEqual(
    other.steps.map(({ action }) => action),
    ["execute", "complete", "cancel"],
  );
});

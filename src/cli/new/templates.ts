/** The bot that somebody begins with. */
export function botText(name: string): string {
  return `import { defineBot } from "restanza";
import { z } from "zod";

export default defineBot({
  name: ${JSON.stringify(name)},
  summary: "greets people",
  routes(bot) {
    bot.command({
      name: "hello",
      summary: "greets somebody",
      args: z.object({ name: z.string().optional(), loud: z.boolean().default(false) }),
      positional: ["name"],
      examples: ["hello Juliet", "hello Romeo --loud"],
      run(ctx, { name = ctx.from.local ?? "stranger", loud }) {
        const greeting = \`Hello, \${name}!\`;
        return loud ? greeting.toUpperCase() : greeting;
      },
    });
  },
});
`;
}

/** Its test. */
export function testText(): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { testbed } from "restanza/testkit";
import bot from "./bot.ts";

test("greets who says hello", async () => {
  await using bed = await testbed(bot);
  const { alice } = bed;
  assert.equal((await alice.says("hello")).body, "Hello, alice!");
});

test("greets somebody else, loudly", async () => {
  await using bed = await testbed(bot);
  const { alice } = bed;
  assert.equal((await alice.says("hello Juliet --loud")).body, "HELLO, JULIET!");
});
`;
}

/** What compiles a project of bots. */
export function tsconfigText(): string {
  const compilerOptions = {
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  };
  return json({ compilerOptions, include: ["bots", "*.ts"] });
}

/** What stays out of version control: packages, state, secrets. */
export function gitignoreText(): string {
  return "node_modules/\n.restanza/\n.env\n";
}

/** How to go on. */
export function readmeText(folder: string, name: string): string {
  return `# ${folder}

XMPP bots, made with [restanza](https://www.npmjs.com/package/restanza). Each has a folder under \`bots/\`.

\`\`\`sh
${commented([
  ["npm install"],
  ["npm run dev", "chat with the bots in this terminal; they are reloaded as you save"],
  [`npx restanza chat ${name} hello`, "one question, one answer"],
  ["npm test", "the tests beside the bots"],
  ["npm run check", "types, configuration, routes, commands"],
  ["npx restanza new ANOTHER", "another bot, with its test"],
])}
\`\`\`

On a Prosody of yours, mount the component as \`node_modules/restanza/prosody/README.md\` shows, then:

\`\`\`sh
export RESTANZA_DOMAIN=bots.example.org
export RESTANZA_REST_URL=http://127.0.0.1:5280/rest
export RESTANZA_TOKEN=…            # or RESTANZA_SECRET, the component's secret
export RESTANZA_CALLBACK_AUTH=…    # user:secret, the same as before the @ of rest_callback_url
npm start
\`\`\`
`;
}

/** Commands with what they are for, one below the other. */
function commented(lines: readonly (readonly [command: string, purpose?: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines
    .map(([command, purpose]) => (purpose === undefined ? command : `${command.padEnd(width)}  # ${purpose}`))
    .join("\n");
}

/** JSON as npm writes it. */
export function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

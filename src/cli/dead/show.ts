import type { Store } from "../../store/index.ts";
import { ago, jsonText, moment, note, print, printable, shellWord, table } from "../output.ts";
import { deadLetter, deadLetters, type LetterFilter } from "./find.ts";
import { type Letter, type LetterQueue, letterAsJson, reasonOf } from "./letter.ts";

/** Lists what was put aside. */
export async function listDead(store: Store, filter: LetterFilter, json: boolean): Promise<void> {
  let rows: string[][] = [HEAD];
  for await (const letters of deadLetters(store, filter)) {
    if (json) for (const letter of letters) print(jsonText(letterAsJson(letter)));
    else rows.push(...letters.map(row));
    if (rows.length < ROWS) continue;
    print(table(rows));
    rows = [];
  }
  if (rows.length > 1 || (rows.length === 1 && rows[0] !== HEAD)) print(table(rows));
  else if (!json && rows[0] === HEAD) note("nothing was put aside");
}

/** Shows one of them whole. */
export async function showDead(
  store: Store,
  id: string,
  queue: LetterQueue | undefined,
  json: boolean,
): Promise<void> {
  const letter = await deadLetter(store, id, queue);
  if (letter === undefined) return;
  print(json ? jsonText(letterAsJson(letter), 2) : printable(page(letter)));
}

/** Rows that share their columns. */
const ROWS = 1_000;

const HEAD = ["ID", "QUEUE", "SINCE", "BOT", "WITH", "ERROR"];

function row(letter: Letter): string[] {
  const { id, queue, since, bot, partner, timer } = letter;
  const what = timer === undefined ? partner : `${partner} (${timer})`;
  return [shellWord(id), queue, moment(since), bot, what, reasonOf(letter)].map(printable);
}

function page(letter: Letter): string {
  const { id, queue, since, bot, partner, kind, timer, conversation, attempts, xml, error } = letter;
  const what = kind || "something that is no stanza";
  const facts = [
    ["id", id],
    ["queue", queue === "inbox" ? "inbox: its handler failed" : "outbox: it could never be sent"],
    ["since", `${moment(since)} (${ago(since)})`],
    [
      "what",
      timer !== undefined
        ? `${timer} of ${bot}, with ${partner}`
        : queue === "inbox"
          ? `${what} from ${partner} for ${bot}`
          : `${what} from ${bot} to ${partner}`,
    ],
    ["conversation", conversation],
    ...(attempts > 0 ? [["attempts", String(attempts)]] : []),
  ];
  const word = shellWord(id);
  const next =
    timer !== undefined
      ? `restanza dead replay ${word} has it run again`
      : queue === "inbox"
        ? `restanza fixture ${word} makes a test of it, restanza dead replay ${word} has it handled again`
        : `restanza dead replay ${word} has it sent again`;
  return [table(facts), "", xml, "", error.trimEnd(), "", next].join("\n");
}

import type { z } from "zod";
import type { Text } from "../text.ts";
import { argMeta, type Kind } from "./kinds.ts";

/** One argument of a command, as its schema tells; all that usage, help and a form need. */
export interface Field {
  /** Its key in the schema. */
  readonly key: string;
  /** The same as people write it: `dry-run` for `dryRun`. */
  readonly name: string;
  readonly kind: Kind;
  /** From `descriptions` of its command, else from `.describe()`. */
  readonly description: Text | undefined;
  /** Whether it has to be given. */
  readonly required: boolean;
  /** Whether it is an array of none where none is given, so that its schema says whether that is enough. */
  readonly emptyIfAbsent: boolean;
  /** Whether it is an array that needs a value, as by `min(1)`. */
  readonly some: boolean;
  /** What it is unless it is given. */
  readonly default: unknown;
  /** The values of a `choice`, by the words for them. */
  readonly options: ReadonlyMap<string, string | number> | undefined;
  /** Whether it takes several values, for an array. */
  readonly multiple: boolean;
  /** The time zone that a date is meant in; `undefined` for the machine's. */
  readonly zone: string | undefined;
  /** The least and the most that a number may be, where its schema says. */
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** Whether it is not to be shown. */
  readonly secret: boolean;
}

/**
 * The fields of a schema, in its order.
 *
 * @throws TypeError when words cannot become what a field wants.
 */
export function fieldsOf(
  schema: z.ZodObject,
  command: string,
  descriptions: { readonly [key: string]: Text | undefined } = {},
): Field[] {
  const fields = Object.entries(schema.shape).map(([key, type]) => {
    const field = fieldOf(key, type as z.core.$ZodType, command);
    return { ...field, description: descriptions[key] ?? field.description };
  });
  const twin = fields.find(({ name }, at) => fields.findIndex((other) => other.name === name) !== at);
  if (twin !== undefined)
    throw new TypeError(`two arguments of the command ${command} would be called --${twin.name}`);
  return fields;
}

/** @internal What words have to become for a schema that stands alone; `undefined` where they cannot. */
export function fieldFor(schema: z.ZodType): Field | undefined {
  return examine(schema) === undefined ? undefined : fieldOf("answer", schema, "");
}

interface Found {
  readonly kind: Kind;
  readonly multiple?: boolean;
  readonly some?: boolean;
  readonly zone?: string | undefined;
  readonly options?: ReadonlyMap<string, string | number>;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly secret?: boolean;
}

function fieldOf(key: string, schema: z.core.$ZodType, command: string): Field {
  const found = examine(schema);
  if (found === undefined || !/^\p{L}[\p{L}\p{N}_]*$/u.test(key)) {
    throw new TypeError(
      `the argument ${JSON.stringify(key)} of the command ${command} cannot be read from words: its key must be letters and digits, its type a string, number, boolean, enum or date, arg.duration(), arg.date() or arg.jid(), or an array of these`,
    );
  }
  return {
    key,
    name: key.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|_/gu, "-").toLowerCase(),
    kind: found.kind,
    description: describe(schema),
    required: schema._zod.optin === undefined && found.multiple !== true,
    emptyIfAbsent: schema._zod.optin === undefined && found.multiple === true,
    some: found.some ?? false,
    default: defaultOf(schema),
    options: found.options,
    multiple: found.multiple ?? false,
    zone: found.zone,
    least: found.least,
    most: found.most,
    secret: found.secret ?? false,
  };
}

/** What a schema wants to be given, through all that is wrapped around it. */
function examine(schema: z.core.$ZodType): Found | undefined {
  const meta = argMeta.get(schema);
  if (meta !== undefined) return meta;
  const { def } = schema._zod as { def: z.core.$ZodTypes["_zod"]["def"] };
  const values = schema._zod.values;
  switch (def.type) {
    case "string":
    case "template_literal":
      return { kind: "text" };
    case "number":
      return {
        kind: "isInt" in schema && schema.isInt === true ? "integer" : "number",
        least: boundOf(schema, "minValue"),
        most: boundOf(schema, "maxValue"),
      };
    case "boolean":
      return { kind: "boolean" };
    case "date":
      return { kind: "date" };
    case "array": {
      const element = examine(def.element);
      if (element === undefined || element.multiple) return undefined;
      return { ...element, multiple: true, some: needsSome(def.checks) };
    }
    case "enum":
    case "literal":
    case "union":
      return values === undefined ? undefined : choice([...values]);
    case "pipe":
      return examine(def.in);
    default:
      return "innerType" in def ? examine(def.innerType) : undefined;
  }
}

/** What zod knows of a number's bounds; those of every safe integer are none that somebody has set. */
function boundOf(schema: z.core.$ZodType, name: "minValue" | "maxValue"): number | undefined {
  const bound = (schema as { readonly minValue?: unknown; readonly maxValue?: unknown })[name];
  return typeof bound === "number" && Number.isFinite(bound) && Math.abs(bound) < Number.MAX_SAFE_INTEGER
    ? bound
    : undefined;
}

/** Whether an array without a value is too short. */
function needsSome(checks: readonly z.core.$ZodCheck<never>[] = []): boolean {
  return checks.some(({ _zod: { def } }) => {
    const { minimum = 0, length = 0 } = def as { readonly minimum?: number; readonly length?: number };
    return { min_length: minimum > 0, length_equals: length > 0 }[def.check] ?? false;
  });
}

function choice(values: readonly z.core.util.Primitive[]): Found | undefined {
  const words = values.filter((value) => typeof value === "string" || typeof value === "number");
  if (words.length === 0 || words.length < values.length) return undefined;
  return { kind: "choice", options: new Map(words.map((value) => [String(value), value])) };
}

function describe(schema: z.core.$ZodType): string | undefined {
  if ("description" in schema && typeof schema.description === "string") return schema.description;
  const { def } = schema._zod as { def: { innerType?: z.core.$ZodType; in?: z.core.$ZodType } };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? undefined : describe(inner);
}

function defaultOf(schema: z.core.$ZodType): unknown {
  const { def } = schema._zod as {
    def: { type: string; innerType?: z.core.$ZodType; defaultValue?: unknown };
  };
  if (def.type === "default" || def.type === "prefault") return def.defaultValue;
  return def.innerType === undefined ? undefined : defaultOf(def.innerType);
}

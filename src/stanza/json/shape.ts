/** How a piece of text is read: as it stands, or as a number or boolean. */
export type Scalar = "string" | "integer" | "number" | "boolean";

/** A key of JSON that stands for an attribute of the element itself. */
export interface AttributeProp {
  readonly where: "attribute";
  readonly key: string;
  readonly name: string;
  readonly type: Scalar;
}

/** A key of JSON that stands for the text of the element itself. */
export interface TextProp {
  readonly where: "text";
  readonly key: string;
}

interface Child {
  readonly key: string;
  readonly name: string;
  /** The namespace; `undefined` is that of the parent. */
  readonly ns: string | undefined;
}

/** A key of JSON that stands for the text of a child element. */
export interface TextChildProp extends Child {
  readonly where: "text-child";
  readonly type: Scalar;
}

/** A key of JSON that stands for one attribute of a child element. */
export interface AttributeChildProp extends Child {
  readonly where: "attribute-child";
  readonly attribute: string;
}

/** A key of JSON that is `true` where an empty child element is there. */
export interface FlagProp extends Child {
  readonly where: "flag";
}

/** A key of JSON whose value is the name of an empty child element; the first of `names` that is there. */
export interface ChoiceProp extends Omit<Child, "name"> {
  readonly where: "choice";
  readonly names: readonly string[];
}

/** A key of JSON with an object of keys for a child element. */
export interface ObjectProp extends Child {
  readonly where: "object";
  readonly shape: () => Shape;
}

/** A key of JSON with a list: all child elements of one name, or all those inside one (`wrapper`). */
export interface ListProp extends Child {
  readonly where: "list";
  /** The element around the items; `undefined` where they stand side by side with everything else. */
  readonly wrapper: { readonly name: string; readonly ns: string | undefined } | undefined;
  /** What an item holds: keys of its own, or `undefined` where it is its text. */
  readonly shape: (() => Shape) | undefined;
}

/** A key of JSON that stands for one or more child elements. */
export type ChildProp = TextChildProp | AttributeChildProp | FlagProp | ChoiceProp | ObjectProp | ListProp;

/** What a key of JSON stands for in an element. */
export type Prop = AttributeProp | TextProp | ChildProp;

/** How an element and an object of JSON stand for each other. */
export interface Shape {
  /** In the order in which the children are written. */
  readonly props: readonly Prop[];
  /** Where in `props` each key is. */
  readonly keys: ReadonlyMap<string, number>;
  readonly text: TextProp | undefined;
  readonly attributes: ReadonlyMap<string, AttributeProp>;
  readonly children: ReadonlyMap<string, readonly ChildProp[]>;
}

/** The prop that a child element belongs to. */
export function propOf(shape: Shape, name: string, ns: string, parentNs: string): ChildProp | undefined {
  const props = shape.children.get(name);
  if (props === undefined) return undefined;
  for (const prop of props) {
    const own = prop.where === "list" && prop.wrapper !== undefined ? prop.wrapper.ns : prop.ns;
    if (ns === (own ?? parentNs)) return prop;
  }
  return undefined;
}

type WithoutKey<T> = T extends unknown ? Omit<T, "key" | "name"> & { readonly name?: string } : never;

/** A {@link Prop} that takes its name from its key unless it has one. */
export type PropInit = WithoutKey<Prop>;

/** Puts a shape together. */
export function shape(init: Readonly<Record<string, PropInit>>): Shape {
  const props = Object.entries(init).map(([key, prop]) => ({ name: key, ...prop, key }) as Prop);
  const attributes = new Map<string, AttributeProp>();
  const children = new Map<string, ChildProp[]>();
  let text: TextProp | undefined;
  for (const prop of props) {
    if (prop.where === "attribute") attributes.set(prop.name, prop);
    else if (prop.where === "text") text = prop;
    else for (const name of elementNames(prop)) children.set(name, [...(children.get(name) ?? []), prop]);
  }
  const keys = new Map(props.map(({ key }, index) => [key, index]));
  return { props, keys, text, attributes, children };
}

function elementNames(prop: ChildProp): readonly string[] {
  if (prop.where === "choice") return prop.names;
  return [prop.where === "list" && prop.wrapper !== undefined ? prop.wrapper.name : prop.name];
}

export function attribute(type: Scalar = "string", name?: string): PropInit {
  return { where: "attribute", type, ...(name !== undefined && { name }) };
}

export function text(): PropInit {
  return { where: "text" };
}

export function textChild(type: Scalar = "string", ns?: string): PropInit {
  return { where: "text-child", type, ns };
}

export function attributeChild(name: string, ns: string, attribute: string): PropInit {
  return { where: "attribute-child", name, ns, attribute };
}

export function flag(ns?: string): PropInit {
  return { where: "flag", ns };
}

export function choice(ns: string, names: readonly string[]): PropInit {
  return { where: "choice", ns, names };
}

export function object(shape: () => Shape, name?: string, ns?: string): PropInit {
  return { where: "object", shape, ns, ...(name !== undefined && { name }) };
}

export function list(name: string, shape: (() => Shape) | undefined, ns?: string): PropInit {
  return { where: "list", name, ns, shape, wrapper: undefined };
}

export function wrappedList(
  wrapper: { readonly name: string; readonly ns: string | undefined },
  name: string,
  shape: () => Shape,
): PropInit {
  return { where: "list", name, ns: undefined, wrapper, shape };
}

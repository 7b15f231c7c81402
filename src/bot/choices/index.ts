export type { Choice, ChoiceHandler, ChoiceOptions, Chosen } from "./choice.ts";
export { ChoiceSet } from "./choice-set.ts";

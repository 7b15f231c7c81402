export {
  correction,
  displayed,
  MessageContent,
  mentioning,
  quoting,
  reaction,
  retraction,
  tracked,
} from "./content.ts";
export { displayedIn, originalOf, reactionTo, retractionIn } from "./in-context.ts";

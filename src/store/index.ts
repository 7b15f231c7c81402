export { type Journal, type JournalEntry, MemoryJournal } from "./journal.ts";

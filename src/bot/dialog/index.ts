export type {
  AskOptions,
  ChooseOptions,
  Dialog,
  DialogFunction,
  DialogOptions,
  QuestionOptions,
  StartableDialog,
} from "./dialog.ts";
export { Dialogs } from "./dialogs.ts";
export { type DialogSet, shareNames } from "./names.ts";

export { fetchFile } from "./fetch-file.ts";
export { fileMessage } from "./file-message.ts";
export { type Files, NO_FILES } from "./files.ts";

import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const generation = "restanza-generation";
let latest = 0;
let hooked = false;

/**
 * Imports a module anew, with whatever it imports from its own folder; anything else, the framework above all, stays the one copy
 * that everybody shares.
 *
 * ES modules are cached by URL and never forgotten, so each load has a URL of its own, and the older ones stay in
 * memory: meant for development, where somebody saves a file now and then.
 *
 * @param file the absolute path of the module.
 * @param folder what counts as its own folder.
 */
export async function freshImport(file: string, folder: string): Promise<unknown> {
  hook();
  latest += 1;
  const url = pathToFileURL(file);
  url.searchParams.set(generation, `${latest}`);
  folders.set(`${latest}`, `${pathToFileURL(folder)}/`);
  return await import(url.href);
}

const folders = new Map<string, string>();

function hook(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const current = context.parentURL && generationOf(context.parentURL);
      if (!current || !resolved.url.startsWith(folders.get(current) ?? "\0")) return resolved;
      const url = new URL(resolved.url);
      if (url.searchParams.has(generation)) return resolved;
      url.searchParams.set(generation, current);
      return { ...resolved, url: url.href };
    },
  });
}

function generationOf(url: string): string | null {
  return url.includes(generation) ? new URL(url).searchParams.get(generation) : null;
}

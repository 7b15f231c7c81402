import { ScaffoldError } from "./scaffold-error.ts";

/** What matters here of a `package.json`. */
export interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly version?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What a project of bots needs, and the versions that restanza itself is tested with. */
function needed({ version, engines, dependencies, devDependencies }: Manifest) {
  return {
    scripts: {
      start: "restanza start",
      dev: "restanza dev",
      check: "restanza check",
      test: 'node --test "bots/**/*.test.ts"',
    },
    engines: { node: engines?.["node"] ?? ">=24" },
    dependencies: { restanza: `^${version}`, zod: dependencies?.["zod"] ?? "*" },
    devDependencies: {
      "@types/node": devDependencies?.["@types/node"] ?? "*",
      typescript: devDependencies?.["typescript"] ?? "*",
    },
  };
}

/** The `package.json` of a new project. */
export function newManifest(folder: string, own: Manifest): Manifest {
  const name = folder.toLowerCase().replace(/[^a-z0-9._-]+/g, "-");
  return { name: name.replace(/^[._-]+/, "") || "bots", type: "module", ...privately, ...needed(own) };
}

const privately = { private: true };

/**
 * A `package.json` with what it lacks; whatever it says itself stays.
 *
 * @returns `undefined` where nothing is missing.
 * @throws {@link ScaffoldError} when it makes bots impossible.
 */
export function completed(manifest: Manifest, file: string, own: Manifest): Manifest | undefined {
  // The framework's own repository has everything already.
  if (manifest.name === own.name) return undefined;
  if (manifest.type !== undefined && manifest.type !== "module") {
    throw new ScaffoldError(
      `${file} says "type": ${JSON.stringify(manifest.type)}, and bots are ES modules: run npm pkg set type=module, then this once more`,
    );
  }
  const { scripts, dependencies, devDependencies } = needed(own);
  const { test, ...others } = manifest.scripts ?? {};
  const kept = test === undefined || /no test specified/.test(test) ? others : { ...others, test };
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  const lacking = (wanted: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in all)));
  const result = {
    ...manifest,
    type: "module",
    scripts: { ...scripts, ...kept },
    dependencies: { ...manifest.dependencies, ...lacking(dependencies) },
    devDependencies: { ...manifest.devDependencies, ...lacking(devDependencies) },
  };
  const same =
    manifest.type === "module" &&
    Object.keys(scripts).every((name) => name in kept) &&
    Object.keys({ ...dependencies, ...devDependencies }).every((name) => name in all);
  return same ? undefined : result;
}

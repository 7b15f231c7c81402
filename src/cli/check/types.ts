import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

/**
 * Has the project's own TypeScript check its types.
 *
 * @returns `undefined` where there is no TypeScript, or nothing that tells it what to check.
 */
export async function checkTypes(project: string): Promise<readonly Finding[] | undefined> {
  const tsconfig = join(project, "tsconfig.json");
  const compiler = typescript(project);
  const isThere = await access(tsconfig).then(
    () => true,
    () => false,
  );
  if (compiler === undefined || !isThere) return undefined;
  const { code, output } = await compile(compiler, tsconfig, project);
  const findings = typeErrors(output);
  if (code === 0 || findings.length > 0) return findings;
  return [{ area: "types", message: `the compiler did not run: ${output.trim()}` }];
}

/** What the compiler says, a finding for each error. */
export function typeErrors(output: string): Finding[] {
  const findings: Finding[] = [];
  for (const line of output.split("\n")) {
    const [, file, at, message = ""] = /^(?:(.+?)\((\d+),\d+\): )?error (TS\d+: .*)$/.exec(line) ?? [];
    const last = findings.at(-1);
    if (message !== "")
      findings.push({ area: "types", message, ...(file !== undefined && { place: `${file}:${at}` }) });
    // A longer explanation is indented below its error.
    else if (/^ +\S/.test(line) && last !== undefined)
      findings[findings.length - 1] = { ...last, message: `${last.message}\n${line}` };
  }
  return findings;
}

function typescript(project: string): string | undefined {
  try {
    const manifest = createRequire(join(project, "package.json")).resolve("typescript/package.json");
    return join(manifest, "../bin/tsc");
  } catch {
    return undefined;
  }
}

async function compile(
  compiler: string,
  tsconfig: string,
  project: string,
): Promise<{ readonly code: unknown; readonly output: string }> {
  const options = { cwd: project, maxBuffer: 64 * 1024 * 1024 };
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, "--noEmit", "--pretty", "false", "-p", tsconfig],
      options,
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
    );
  });
}

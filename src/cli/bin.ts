#!/usr/bin/env node
/** The command `restanza`. An older Node.js could not even load the rest, and would say so in words about modules. */
const OLDEST = 24;

const [major = ""] = process.versions.node.split(".");
if (Number(major) < OLDEST) {
  process.stderr.write(
    `restanza needs Node.js ${OLDEST} or later, and this is ${process.versions.node}: install a newer one from https://nodejs.org, or have one for this project alone by npm install --save-dev node@${OLDEST}\n`,
  );
  process.exitCode = 1;
} else await import("./main.ts");

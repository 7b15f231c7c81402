import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isPostgresUrl, nameOfStore } from "../../src/server/index.ts";
import { storeProblem } from "../../src/server/store-location.ts";

describe("where state is kept", () => {
  test("a path is a file, whatever it looks like", () => {
    for (const path of ["store.sqlite", "/var/lib/x", "./a b", "C:\\store", ":memory:", "postgres.sqlite"]) {
      assert.equal(storeProblem(path), undefined, path);
      assert.equal(isPostgresUrl(path), false, path);
      assert.equal(nameOfStore(path), path);
    }
  });

  test("a postgres URL is named without its password and its parameters", () => {
    for (const [url, name] of [
      ["postgres://a:b@db.example.org/bots", "postgres://a@db.example.org/bots"],
      ["postgresql://db.example.org:6432/bots?password=b", "postgres://db.example.org:6432/bots"],
      ["POSTGRES://a@[::1]/bots?sslmode=require", "postgres://a@[::1]/bots"],
      ["postgres:///bots?host=/run/postgresql", "postgres:///bots"],
    ] as const) {
      assert.equal(storeProblem(url), undefined, url);
      assert.equal(isPostgresUrl(url), true, url);
      assert.equal(nameOfStore(url), name);
    }
  });

  test("what is neither is refused with what to give instead", () => {
    for (const [store, said] of [
      ["redis://localhost", /^begins with redis:\/\/, which is no store/],
      ["file:///var/lib/x", /^begins with file:\/\/; give the path/],
      ["postgres://a:b@c", /^names no database/],
      ["postgres://a:b@c/", /^names no database/],
      ["postgres://a:b@c/d/e", /^names no database/],
      ["postgres://a:b/b@c/d", /^is no URL .* %2F/],
      ["postgres://a:1/b@c", /^names no database/],
      ["postgres://a:b@c/d#e", /^holds a #/],
      ["postgres://a:1@2/3?4@c/d", /^holds an @ behind its \?/],
    ] as const) {
      assert.match(storeProblem(store) ?? "", said, store);
    }
  });

  test("no password is ever repeated", () => {
    const password = fc.string({ unit: fc.constantFrom(..."Q@:/?#%&= 19"), minLength: 3 });
    fc.assert(
      fc.property(password, (middle) => {
        const secret = `Q${middle}Q`;
        const url = `postgres://user:${secret}@host/db`;
        const told = storeProblem(url) ?? nameOfStore(url);
        assert.ok(!told.includes("Q"), told);
      }),
    );
  });
});

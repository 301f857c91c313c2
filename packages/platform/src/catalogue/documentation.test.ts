import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../../../../test/support/fixtures.ts";
import { catalogue } from "./catalogue.ts";

test("the reference of slipway.yaml lists the catalogue as it is", () => {
  const text = readFileSync(join(repositoryRoot, "docs/slipway-yaml.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => /^\| `[a-z0-9-]+` \| /.test(line) && !line.startsWith("| `path`"));
  const documented = rows.filter((row) => !/^\| `(git|starter|remotes)`/.test(row));
  assert.deepEqual(
    documented,
    catalogue.map(({ name, description }) => `| \`${name}\` | ${description} |`),
  );
});

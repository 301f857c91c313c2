import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../../../test/support/fixtures.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { parsePlatformFile } from "./file/parse-platform-file.ts";

const reference = readFileSync(join(repositoryRoot, "docs/slipway-yaml.md"), "utf8");

test("every example of slipway.yaml in its reference is accepted", () => {
  const examples = [...reference.matchAll(/```yaml\n(apiVersion: slipway[\s\S]*?)```/g)].map(
    (match) => match[1] ?? "",
  );
  assert.equal(examples.length, 2);
  for (const example of examples) parsePlatformFile(example, "docs/slipway-yaml.md");
});

test("the reference of slipway.yaml lists the catalogue as it is", () => {
  const rows = reference
    .split("\n")
    .map((line) => line.replace(/ +\|/g, " |"))
    .filter((line) => /^\| `[a-z0-9-]+` \| /.test(line) && !line.startsWith("| `path`"));
  const documented = rows.filter((row) => !/^\| `(git|starter|remotes)`/.test(row));
  assert.deepEqual(
    documented,
    catalogue.map(({ name, description }) => `| \`${name}\` | ${description} |`),
  );
});

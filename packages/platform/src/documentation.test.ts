import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readYamlDocument } from "@slipway/yaml";
import { repositoryRoot } from "../../../test/support/fixtures.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { parsePlatformFile } from "./file/parse-platform-file.ts";
import { lockSchema } from "./lock/lock.ts";

const reference = readFileSync(join(repositoryRoot, "docs/slipway-yaml.md"), "utf8");

test("every example of slipway.yaml in its reference is accepted", () => {
  const examples = [
    ...reference.matchAll(/```yaml\n(apiVersion: slipway\S+\nkind: Platform[\s\S]*?)```/g),
  ].map((match) => match[1] ?? "");
  assert.equal(examples.length, 2);
  for (const example of examples) parsePlatformFile(example, "docs/slipway-yaml.md");
});

test("the lock that the reference shows is one", () => {
  const [, example = ""] = /```yaml\n(apiVersion: slipway\S+\nkind: Lock[\s\S]*?)```/.exec(reference) ?? [];
  lockSchema.parse(readYamlDocument(example).value);
});

test("the reference of slipway.yaml lists the catalogue as it is", () => {
  const components = reference.slice(reference.indexOf("## components"), reference.indexOf("## cluster"));
  const rows = components
    .split("\n")
    .map((line) => line.replace(/ +\|/g, " |"))
    .filter((line) => /^\| `[a-z0-9-]+` \| /.test(line));
  assert.deepEqual(
    rows,
    catalogue.map(({ name, description }) => `| \`${name}\` | ${description} |`),
  );
});

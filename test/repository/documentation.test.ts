import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { commands } from "../../packages/cli/src/commands.ts";
import { exitCodeMeanings } from "../../packages/cli/src/exit-codes.ts";
import { repositoryRoot } from "../support/fixtures.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/**/*.md",
  "packages/*/README.md",
  "packages/*/*/README.md",
]
  .flatMap((pattern) => globSync(pattern, { cwd: repositoryRoot }))
  .filter((page) => !page.includes("node_modules"))
  .map((page) => ({ page, text: readFileSync(join(repositoryRoot, page), "utf8") }));

/** As GitHub makes the anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replace(/ /g, "-");
}

test("every link between pages leads somewhere", () => {
  const broken = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(repositoryRoot, target))) return [`${page}: ${link}`];
      if (anchor === undefined) return [];
      const headings = [...readFileSync(join(repositoryRoot, target), "utf8").matchAll(/^#+ (.*)$/gm)];
      return headings.some(([, heading = ""]) => anchorOf(heading) === anchor) ? [] : [`${page}: ${link}`];
    }),
  );
  assert.deepEqual(broken, []);
});

test("every command that a page shows is one", () => {
  const known = new Set(commands.map(({ name }) => name));
  const shown = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/(?:^|`)(?:npx )?slipway ([a-z]+)/gm)].map(([, name = ""]) => ({ page, name })),
  );
  assert.ok(shown.length > 20);
  assert.deepEqual(
    shown.filter(({ name }) => !known.has(name)),
    [],
  );
});

test("the guide names every command and every exit code", () => {
  const guide = readFileSync(join(repositoryRoot, "docs/guide.md"), "utf8");
  assert.deepEqual(
    commands.map(({ name }) => name).filter((name) => !guide.includes(`slipway ${name}`)),
    [],
  );
  for (const [code, meaning] of exitCodeMeanings) {
    assert.match(guide, new RegExp(`^\\| ${code} +\\| ${meaning.replace(/[()`]/g, "\\$&")} +\\|$`, "m"));
  }
});

test("every decision is in the list of decisions", () => {
  const list = readFileSync(join(repositoryRoot, "docs/decisions/README.md"), "utf8");
  const missing = globSync("docs/decisions/0*.md", { cwd: repositoryRoot }).filter(
    (page) => !list.includes(page.replace("docs/decisions/", "")),
  );
  assert.deepEqual(missing, []);
});

// The list of scenarios that the embedded server answers otherwise on purpose, as the README has it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../support/fixtures.ts";
import type { Scenario } from "./scenario.ts";

const readme = join(repositoryRoot, "packages/rehearsal/README.md");
const listPattern = /(<!-- made by: [^\n]*-->\n)([\s\S]*?)(<!-- end -->)/;

/** One line for each reason, with the scenarios that show it. */
export function listDifferences(scenarios: readonly Scenario[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, embeddedDiffers } of scenarios) {
    if (embeddedDiffers === undefined) continue;
    byReason.set(embeddedDiffers, [...(byReason.get(embeddedDiffers) ?? []), name]);
  }
  const lines = [...byReason].map(([reason, names]) => `- ${reason} (${names.join("; ")})\n`);
  return lines.length === 0 ? "" : `\n${lines.join("")}\n`;
}

/** The list that the README has. */
export function readDifferences(): string {
  return listPattern.exec(readFileSync(readme, "utf8"))?.[2] ?? "";
}

/** Puts a new list into the README. */
export function writeDifferences(list: string): void {
  const text = readFileSync(readme, "utf8");
  writeFileSync(
    readme,
    text.replace(listPattern, (_, begin: string, _old: string, end: string) => begin + list + end),
  );
}

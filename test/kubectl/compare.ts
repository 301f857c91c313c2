import { normalise } from "./normalise.ts";
import type { Outcome } from "./run-sequence.ts";

/** What of a command's outcome is the same on two servers that agree, as one text. */
export function comparable({ step, code, stdout, stderr }: Outcome): string {
  const head = `exit code ${code}\n`;
  // Why it failed is worth reading, even where it does not count.
  if (step.extent === "exit code") return code === 0 ? head : `${head}${normalise(stderr)}`;
  const seen = `${head}${normalise(stdout).trimEnd()}\n--- standard error\n${normalise(stderr)}`;
  return step.extent === "undocumented" ? withoutDocumentation(seen) : seen;
}

/** `kubectl explain` without the texts of DESCRIPTION and of each field. */
function withoutDocumentation(text: string): string {
  return text
    .replace(/^DESCRIPTION:\n[\s\S]*?(?=^FIELDS:|^---|(?![\s\S]))/gm, "DESCRIPTION:\n")
    .replace(/^ {4}(?! *\S+\t<).*\n/gm, "")
    .replace(/\n{2,}/g, "\n");
}

// Small random edits of a random tree, as people make them between two builds.
import type { Random } from "./random.ts";

/** The files after one edit: a value changed, a comment added, a file emptied, removed, copied or brought back. */
export function editFiles(
  files: Readonly<Record<string, string>>,
  original: Readonly<Record<string, string>>,
  random: Random,
): Record<string, string> {
  const paths = Object.keys(files);
  const path = random.pick(paths);
  const text = files[path] ?? "";
  const edited = { ...files };
  switch (random.below(8)) {
    case 0:
      delete edited[path];
      break;
    case 1:
      edited[path] = `# edited\n${text}`;
      break;
    case 2:
      edited[path] = "";
      break;
    case 3:
      edited[path.replace(/[^/]*$/, "kustomization.yml")] = text;
      break;
    case 4:
      return { ...original };
    default: {
      const lines = text.split("\n");
      const at = random.below(lines.length);
      lines[at] = (lines[at] ?? "").replace(
        /(: *"?)([\w.-]+)/,
        (_all, colon, word) => `${colon}${word}${random.below(9)}`,
      );
      edited[path] = lines.join("\n");
    }
  }
  return Object.keys(edited).length === 0 ? { ...original } : edited;
}

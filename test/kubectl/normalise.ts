// What kubectl prints, without what is different on any two clusters.

/**
 * Replaces identifiers, versions, times and ages, generated names, the places and addresses that pods and Services
 * got, and the server's own address. Alignment is kubectl's and follows from these, so runs of blanks count as one
 * gap; events of one second come in no order, so their rows are sorted.
 */
export function normalise(text: string): string {
  return replacements
    .reduce((seen, [pattern, replacement]) => seen.replace(pattern, replacement), hideAges(text))
    .split("\n")
    .map((line) => line.replace(/(\S) {2,}/g, "$1  ").trimEnd())
    .join("\n")
    .replace(/^( *Type {2}Reason {2}Age.*\n.*\n)((?: .*\n)+)/gm, (_, head: string, rows: string) => {
      return `${head}${rows.trimEnd().split("\n").sort().join("\n")}\n`;
    });
}

/** The letters that Kubernetes makes random names of (apimachinery pkg/util/rand). */
const random = "[bcdfghjklmnpqrstvwxz2456789]";

const replacements: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uid>"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, "<time>"],
  [/\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<time>"],
  [/(resourceVersion"?: "?|Resource Version: +)\d+/g, "$1<version>"],
  [/127\.0\.0\.1:\d+/g, "<server>"],
  [/\b10\.(?:96|244|0)\.\d+\.\d+\b/g, "<ip>"],
  [/\b3[0-2]\d{3}\b/g, "<node port>"],
  [/\bnode-\d\b/g, "node-<n>"],
  [
    new RegExp(`(-|pod-template-hash[=:] ?"?)${random}{8,10}\\b(?=-${random}{5}\\b|"?$|[",\\s/])`, "gm"),
    "$1<hash>",
  ],
  [new RegExp(`-${random}{5}\\b(?![-.])`, "g"), "-<random>"],
  [/\.[0-9a-f]{16}\b/g, ".<random>"],
];

/** Columns of ages and durations, in tables by their header. */
const ageColumn = /(?:^|(?<= {2}| \t))(?:AGE|Age|LAST SEEN|FIRST SEEN|DURATION)(?= |$)/;

function hideAges(text: string): string {
  let column: { readonly from: number; readonly to: number } | undefined;
  return text
    .split("\n")
    .map((line) => {
      const header = ageColumn.exec(line);
      if (header) {
        const rest = line.slice(header.index + header[0].length);
        const gap = /^ +(?=\S)/.exec(rest);
        column = {
          from: header.index,
          to: gap ? header.index + header[0].length + gap[0].length : Number.POSITIVE_INFINITY,
        };
        return line;
      }
      if (line.trim() === "" || !column) {
        column = undefined;
        return line;
      }
      const cell = line.slice(column.from, column.to).trim();
      if (cell === "" || /^-+$/.test(cell)) return line.replaceAll(/-{3,}/g, "---");
      return `${line.slice(0, column.from)}<age>  ${line.slice(column.to)}`;
    })
    .join("\n");
}

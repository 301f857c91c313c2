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
  [/(resourceVersion\\?"?: ?\\?"?|Resource Version: +)\d+/g, "$1<version>"],
  [/127\.0\.0\.1:\d+/g, "<server>"],
  [/\b10\.(?:96|244|0)\.\d+\.\d+\b/g, "<ip>"],
  [/\b3[0-2]\d{3}\b/g, "<node port>"],
  [/\b(node|simulated)-\d\b/g, "$1-<n>"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, "<time>"],
  [/^( *Duration: +)\S+$/gm, "$1<age>"],
  [/(resource version to be \d+, was )\d+/g, "$1<version>"],
  [/\/(LIVE|MERGED)-\d+/g, "/$1"],
  [/\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, "\t<time>"],
  [
    new RegExp(`(-|pod-template-hash[=:] ?"?)${random}{8,10}\\b(?=-${random}{5}\\b|"?$|[",\\s/])`, "gm"),
    "$1<hash>",
  ],
  [new RegExp(`-${random}{5}\\b(?![-.])`, "g"), "-<random>"],
  [/\.[0-9a-f]{16}\b/g, ".<random>"],
];

/** Columns of ages and durations, by their headers. */
const ageColumns = /(?:^|(?<=\S {2,}))(?:AGE|Age|LAST SEEN|FIRST SEEN|DURATION)(?: +(?=\S)|$)/g;

function hideAges(text: string): string {
  let columns: { readonly from: number; readonly to: number }[] = [];
  return text
    .split("\n")
    .map((line) => {
      const headers = [...line.matchAll(ageColumns)];
      if (headers.length > 0) {
        // From the right, so that the places of those before stay what they are.
        columns = headers.reverse().map(({ 0: header, index }) => ({
          from: index,
          to: index + header.length === line.length ? Number.POSITIVE_INFINITY : index + header.length,
        }));
        return line;
      }
      if (line.trim() === "") columns = [];
      return columns.reduce(hideCell, line);
    })
    .join("\n");
}

function hideCell(line: string, { from, to }: { readonly from: number; readonly to: number }): string {
  const cell = line.slice(from, to).trim();
  if (cell === "" || cell.startsWith("--")) return line.replaceAll(/-{3,}/g, "---");
  return `${line.slice(0, from)}<age>  ${line.slice(to)}`;
}

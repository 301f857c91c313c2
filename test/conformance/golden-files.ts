// What is recorded of a release's builds: a folder of outputs, an index of what passed and what failed, or both.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One directory and how kustomize built it. */
export interface Golden {
  readonly directory: string;
  readonly builds: boolean;
  /** What it printed; undefined when only a digest is kept. */
  readonly text: (() => string) | undefined;
  /** The output's sha256 in hex, or the beginning of it; "" when unknown. */
  readonly digest: string;
}

const extension = /\.ya?ml(\.gz)?$/;

/** The goldens of a folder, by directory. `a__b.yaml.gz` or `a__b.yaml` is the output of `a/b`. */
export function readGoldens(folder: string): Golden[] {
  const goldens = new Map<string, Golden>();
  for (const entry of readIndex(folder)) goldens.set(entry.directory, entry);
  for (const name of readdirSync(folder).sort()) {
    if (!extension.test(name)) continue;
    const directory = name.replace(extension, "").replaceAll("__", "/");
    const known = goldens.get(directory);
    goldens.set(directory, {
      directory,
      builds: true,
      text: () => readText(join(folder, name)),
      digest: known?.digest ?? "",
    });
  }
  return [...goldens.values()];
}

/** `index.tsv`, with or without a line of column names: directory and status first when there is none. */
function readIndex(folder: string): Golden[] {
  const path = ["index.tsv", "index.tsv.gz"].map((name) => join(folder, name)).find((one) => existsSync(one));
  if (path === undefined) return [];
  const rows = readText(path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("\t"));
  const first = (rows[0] ?? []).map((name) => name.trim().toLowerCase());
  const named = first.includes("status") ? first : ["directory", "status"];
  const column = (...names: string[]) => named.findIndex((name) => names.includes(name));
  const [directory, status, digest] = [column("directory", "dir"), column("status"), column("sha256", "sha")];
  return rows.slice(named === first ? 1 : 0).map((row) => ({
    directory: row[directory] ?? "",
    builds: /^(pass|ok)/i.test(row[status] ?? ""),
    text: undefined,
    digest: row[digest]?.trim() ?? "",
  }));
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

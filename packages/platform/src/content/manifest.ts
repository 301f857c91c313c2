// What a folder holds, by digest: one text that names every file, whose own digest stands for all of them.
import { hash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "@slipway/yaml";

/** The files of a folder. */
export interface Manifest {
  /** SHA-256 in hexadecimal by path relative to the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** Where symbolic links point, by path. */
  readonly links: ReadonlyMap<string, string>;
  /** All of it, in order: `DIGEST  PATH` as sha256sum writes it, and `link PATH -> TARGET`. */
  readonly text: string;
  /** `sha256:` and the SHA-256 of the text. */
  readonly digest: string;
}

/** Reads every file of a folder; `leaveOut` are paths that don't count. */
export function makeManifest(folder: string, leaveOut: readonly string[] = []): Manifest {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const visit = (directory: string) => {
    for (const entry of readdirSync(join(folder, directory), { withFileTypes: true })) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (leaveOut.includes(path)) continue;
      if (/[\n\\]/.test(path)) throw strangeName(path);
      if (entry.isDirectory()) visit(path);
      else if (entry.isSymbolicLink()) links.set(path, readlinkSync(join(folder, path)));
      else if (entry.isFile()) files.set(path, sha256(readFileSync(join(folder, path))));
    }
  };
  visit("");
  return manifestOf(files, links);
}

/** Reads the text of a manifest. Lines that are none are left out, which changes the digest. */
export function parseManifest(text: string): Manifest {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  for (const line of text.split("\n")) {
    const file = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    const link = /^link (.+?) -> (.+)$/.exec(line);
    if (file) files.set(file[2] as string, file[1] as string);
    else if (link) links.set(link[1] as string, link[2] as string);
  }
  return { files, links, text, digest: digestOf(text) };
}

function manifestOf(files: ReadonlyMap<string, string>, links: ReadonlyMap<string, string>): Manifest {
  const lines = [
    ...[...files].map(([path, digest]) => ({ path, line: `${digest}  ${path}\n` })),
    ...[...links].map(([path, target]) => ({ path, line: `link ${path} -> ${target}\n` })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const text = lines.map(({ line }) => line).join("");
  return { files, links, text, digest: digestOf(text) };
}

/** SHA-256 in hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return hash("sha256", content, "hex");
}

function digestOf(text: string): string {
  return `sha256:${sha256(text)}`;
}

function strangeName(path: string): ProblemError {
  return new ProblemError({
    code: "release/file-name",
    message: `a file's name holds a line break or a backslash: ${JSON.stringify(path)}`,
  });
}

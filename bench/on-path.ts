import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The file of a command on the path; undefined when there is none. */
export function onPath(command: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((file) => existsSync(file));
}

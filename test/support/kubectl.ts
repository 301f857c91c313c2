import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** kubectl on the path; where versions from 1.32 on lie beside it (`kubectl.1.33`), those instead, oldest first. */
export function findKubectls(): string[] {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(directory, "kubectl");
    if (!existsSync(path)) continue;
    const home = dirname(realpathSync(path));
    const others = readdirSync(home).filter((name) => Number(/^kubectl\.1\.(\d+)$/.exec(name)?.[1]) >= 32);
    return others.length > 0 ? others.sort().map((name) => join(home, name)) : [path];
  }
  return [];
}

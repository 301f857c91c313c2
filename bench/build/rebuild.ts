// Builds a directory, then again after each of several changes of one file: `node rebuild.ts DIR FILE`. Prints the
// times of the later builds in milliseconds, as JSON.
import { appendFileSync } from "node:fs";
import { build, createBuildMemory } from "@slipway/kustomize";

const [directory = "", file = ""] = process.argv.slice(2);
const memory = createBuildMemory();
const once = () => build(directory, { loadRestrictor: "none", memory }).yaml();
let before = once();
const times: number[] = [];
for (let run = 1; run <= 7; run += 1) {
  appendFileSync(file, `  bench-${run}: "${run}"\n`);
  const started = performance.now();
  const after = once();
  times.push(performance.now() - started);
  if (after === before) throw new Error("the change made no difference");
  before = after;
}
console.log(JSON.stringify(times));

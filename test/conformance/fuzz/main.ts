// Builds random kustomizations with us and with real kustomize and compares bytes, or that both fail.
// npm run fuzz:kustomize -- [--seeds N] [--from N] [--scalars] [--keep DIR]; KUSTOMIZE names a binary, else Go builds
// one. --scalars draws trees about the types and quotes of single fields.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareSeeds, writeTree } from "./compare-seeds.ts";
import { realKustomize } from "./real-kustomize.ts";
import { scalarTree } from "./scalars.ts";
import { randomTree } from "./tree.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "500" },
    from: { type: "string", default: "1" },
    scalars: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});
const count = Number(values.seeds);
const binary = realKustomize((line) => console.error(line));
const makeTree = values.scalars ? scalarTree : randomTree;
let different = 0;
let built = 0;
for (const outcome of compareSeeds({ makeTree, binary, first: Number(values.from), count })) {
  const done = outcome.seed - Number(values.from) + 1;
  if (done % 500 === 0) console.error(`${done} of ${count} seeds`);
  if (outcome.builds) built++;
  if (outcome.difference === null) continue;
  different++;
  console.log(`seed ${outcome.seed}: ${outcome.difference}`);
  if (values.keep) writeTree(join(values.keep, String(outcome.seed)), outcome.tree);
}
console.log(`fuzz: ${count - different} of ${count} seeds agree; ${built} of them build`);
process.exitCode = different === 0 ? 0 : 1;

// Random sequences of requests on the embedded API server and on a real one.
// npm run fuzz:cluster -- [--sequences N] [--seed S] [--shrink] [--keep FILE]
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatScenario } from "../../scenarios/runner/format.ts";
import { compareOne, compareSequences, type Pair } from "./compare-sequences.ts";
import { startBareEmbedded, startBareReal } from "./servers.ts";
import { shrink } from "./shrink.ts";
import { loadPool } from "./templates.ts";

const { values } = parseArgs({
  options: {
    sequences: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    shrink: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});
const count = Number(values.sequences);
const pool = loadPool();
const embedded = await startBareEmbedded(pool.definitions);
const real = await startBareReal(pool.definitions);
const pair: Pair = { embedded, real, used: 0 };
let agreeing = 0;
try {
  for await (const outcome of compareSequences(pair, { pool, first: Number(values.seed), count })) {
    if (outcome.differences.length === 0) {
      agreeing++;
      continue;
    }
    const [first = ""] = outcome.differences;
    console.log(`sequence ${outcome.seed}: ${outcome.differences.length} differences, the first at ${first}`);
    if (!values.shrink) continue;
    const small = await shrink(
      outcome.sequence,
      async (candidate) => (await compareOne(pair, candidate)).length > 0,
    );
    const text = formatScenario(small);
    const found = (await compareOne(pair, small)).join("\n");
    console.log(`${text}\n${found}\n`);
    if (values.keep) appendFileSync(values.keep, `${text}\n`);
  }
} finally {
  await embedded.stop();
  await real.stop();
}
console.log(`sequences: ${agreeing} of ${count} agree`);
process.exitCode = agreeing === count ? 0 : 1;

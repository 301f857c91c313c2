// Loaded into every test file by `npm test`: property tests draw the same cases in every run, so that a red run is
// red again. SLIPWAY_SEED names another seed; a test file that is run by itself draws anew each time.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.SLIPWAY_SEED ?? 1) });

// Loaded into the process of every test file by `npm test`.
import { createHook } from "node:async_hooks";
import module from "node:module";
import fc from "fast-check";

// Property tests draw the same cases in every run, so that a red run is red again. SLIPWAY_SEED names another seed; a
// test file that is run by itself draws anew each time.
fc.configureGlobal({ seed: Number(process.env.SLIPWAY_SEED ?? 1) });

// Most files import the same modules: their types are stripped once, and they are compiled once.
module.enableCompileCache?.();

// node:test follows every promise, to tell which test an error belongs to that nobody waited for. That takes up to
// half of the time of a test with an embedded cluster in it. Without it such an error still fails its file.
const marks = Object.getOwnPropertySymbols(createHook({}));
const untracked = createHook({ trackPromises: false });
const prototype: typeof untracked = Object.getPrototypeOf(untracked);
const { enable } = prototype;
prototype.enable = function () {
  for (const mark of marks) if (Reflect.get(untracked, mark) === true) Reflect.set(this, mark, true);
  return enable.call(this);
};

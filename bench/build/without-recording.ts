// `node --import without-recording.ts …`: the engine's own code less the statements that record what changed a
// field. There is no such mode in the product; this is how its price is known.
import { registerHooks } from "node:module";

const recording = /^.*\.change = \{ cause: .*\};$/gm;
/** So that a rewritten engine cannot silently be measured against itself. */
const fewestStatements = 8;
let removed = 0;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!/packages\/kustomize\/src\//.test(url) || loaded.source == null) return loaded;
    const source = String(
      loaded.source instanceof Uint8Array ? new TextDecoder().decode(loaded.source) : loaded.source,
    );
    return {
      ...loaded,
      source: source.replace(recording, (statement) => {
        removed += 1;
        const [indent = ""] = /^\s*/.exec(statement) ?? [];
        // What follows an `if` must stay a statement.
        return /^\s*(if|else)\b/.test(statement)
          ? statement.replace(/\S+\.change = .*;$/, "{}")
          : `${indent}{}`;
      }),
    };
  },
});

process.on("exit", () => {
  if (removed >= fewestStatements) return;
  console.error(`only ${removed} recording statements found`);
  process.exitCode = 1;
});

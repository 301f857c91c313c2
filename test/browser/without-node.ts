// `node --import without-node.ts FILE`: no module of Node's for what FILE imports, no globals that only Node has, and
// packages as they present themselves to a browser.
import { isBuiltin, registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (isBuiltin(specifier)) throw new Error(`${context.parentURL} imports ${specifier}`);
    return nextResolve(specifier, { ...context, conditions: ["browser", "import", "default"] });
  },
});

for (const name of ["Buffer", "process", "global", "setImmediate"]) Reflect.deleteProperty(globalThis, name);

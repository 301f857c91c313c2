#!/usr/bin/env node
// Starts Slipway with V8's compile cache, so that nothing is compiled twice.
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `error: Slipway needs Node 22.19 or newer, and this is Node ${process.versions.node}.\n` +
      "  next: run it with npx from the checkout, which brings its own Node\n",
  );
  process.exitCode = 1;
} else {
  module.enableCompileCache?.();
  const { main } = await import("../src/main.ts");
  await main();
}

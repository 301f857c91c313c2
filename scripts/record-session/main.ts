// Runs a real command on a terminal and draws what it showed, as an SVG:
//   node scripts/record-session/main.ts docs/slipway-up.svg slipway up
// It needs the `script` program of util-linux for the terminal.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawSvg, type TimedFrame } from "./draw-svg.ts";
import { createScreen } from "./screen.ts";

const columns = 112;
const rows = 36;
/** Changes that follow each other faster are drawn as one. */
const frameMs = 150;

const root = join(import.meta.dirname, "../..");
const [target, ...command] = process.argv.slice(2);
if (target === undefined || command.length === 0) {
  console.error("usage: node scripts/record-session/main.ts FILE.svg COMMAND…");
  process.exit(2);
}

const screen = createScreen(columns, rows);
const frames: TimedFrame[] = [];
const title = `$ ${command[0] === "slipway" ? ["npx", ...command].join(" ") : command.join(" ")}`;

// An empty folder: neither a slipway.yaml nor an earlier run of the recorder's is in the picture.
const folder = mkdtempSync(join(tmpdir(), "slipway-session-"));
const started = Date.now();
const child = spawn(
  "script",
  ["-qefc", `stty cols ${columns} rows ${rows}; ${command.join(" ")}`, "/dev/null"],
  {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
      TERM: "xterm-256color",
      XDG_STATE_HOME: join(folder, "state"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  },
);
child.stdout.setEncoding("utf8");
for await (const text of child.stdout) {
  screen.write(String(text));
  const at = Date.now() - started;
  const last = frames.at(-1);
  if (last && at - last.at < frameMs) frames[frames.length - 1] = { at: last.at, frame: screen.frame() };
  else frames.push({ at, frame: screen.frame() });
}
const code = await new Promise<number>((resolve) => {
  if (child.exitCode !== null) resolve(child.exitCode);
  else child.on("close", (status) => resolve(status ?? 1));
});
rmSync(folder, { recursive: true });
if (code !== 0) {
  console.error(`${command.join(" ")} ended with ${code}; nothing is drawn`);
  process.exit(1);
}
const used = Math.max(...frames.map(({ frame }) => frame.length));
writeFileSync(target, drawSvg(frames, { title, columns, rows: used }));

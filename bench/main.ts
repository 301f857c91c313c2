// Prints each figure as a ratio against a peer measured in the same run: `npm run bench [-- NAME… [--full]]`.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fixture, repositoryRoot } from "../test/support/fixtures.ts";
import { benchBuild } from "./build/bench-build.ts";
import { benchDeploy } from "./deploy/bench-deploy.ts";
import { compare, measure } from "./measure.ts";
import { formatRow, type Omitted, type Row, timeRatio } from "./row.ts";

const slipway = join(repositoryRoot, "node_modules/.bin/slipway");
const node = process.execPath;
const release = fixture("upstream", "26.03");
const remotes = fixture("remotes");

const names = process.argv.slice(2).filter((argument) => argument !== "--full");
const full = process.argv.includes("--full");

const benchmarks: Readonly<Record<string, () => Promise<(Row | Omitted)[]> | AsyncGenerator<Row | Omitted>>> =
  {
    build: () => benchBuild({ full }),
    up: benchUp,
    help: benchHelp,
    deploy: () => benchDeploy({ full }),
  };

/** The main job on the real release, and how close its simulated duration comes to the critical path. */
async function benchUp(): Promise<(Row | Omitted)[]> {
  const what = "slipway up, 26.03 on the embedded cluster";
  if (!existsSync(release)) return [{ what, reason: `no release at ${release}` }];
  const input = ["--release", release, "--remotes", remotes, "-o", "json"];
  const up = await measure(slipway, ["up", ...input]);
  const finished = up.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; outcome?: string; summary?: { durationMs: number } })
    .find((event) => event.type === "finished");
  if (finished?.outcome !== "ready" || !finished.summary) throw new Error("slipway up did not end ready");
  const graph = await measure(slipway, ["graph", ...input]);
  const { criticalPath } = JSON.parse(graph.stdout) as { criticalPath: { durationMs: number } };
  return [
    { what: `${what}, wall`, value: up.wallMs / 1000, unit: "s", target: 15, detail: "" },
    { what: `${what}, peak memory`, value: up.peakMb, unit: "MB", target: 700, detail: "" },
    {
      ...timeRatio(
        "simulated duration / critical path under the same model",
        finished.summary.durationMs,
        criticalPath.durationMs,
        1.15,
      ),
    },
  ];
}

/** What a user waits for before the first line of help. */
async function benchHelp(): Promise<(Row | Omitted)[]> {
  const { ours, peer } = await compare([slipway, "--help"], [node, "-e", "0"], 21);
  return [timeRatio("slipway --help / node -e 0, wall", ours.wallMs, peer.wallMs, 2)];
}

const unknown = names.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${Object.keys(benchmarks).join(", ")}`);
  process.exit(64);
}
/** Five minutes and more on a machine with nothing else to do, which a shared pipeline is not. */
const onlyByName: ReadonlySet<string> = new Set(["deploy"]);
for (const [name, run] of Object.entries(benchmarks)) {
  const isChosen = names.length > 0 ? names.includes(name) : !onlyByName.has(name);
  if (!isChosen) continue;
  for await (const row of await run()) {
    console.log("value" in row ? formatRow(row) : `skip ${row.what}: ${row.reason}`);
  }
}

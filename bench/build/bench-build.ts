import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { realKustomize } from "../../test/conformance/fuzz/real-kustomize.ts";
import { fixture, repositoryRoot } from "../../test/support/fixtures.ts";
import { copyWithRemotes } from "../local-release.ts";
import { compare, type Measurement, measure, median } from "../measure.ts";
import { onPath } from "../on-path.ts";
import { memoryRatio, type Omitted, type Row, timeRatio } from "../row.ts";
import { writeCopies } from "./copies.ts";

const slipway = join(repositoryRoot, "node_modules/.bin/slipway");
const release = fixture("upstream", "26.03");
const remotes = fixture("remotes");
const worker = (name: string) => join(import.meta.dirname, `${name}.ts`);

/** Directories of 26.03 that kustomize refuses too. */
const unbuildable = 4;

type Peer = readonly [name: string, ...command: string[]];

/** `slipway build` and the kustomize engine against the faster of kubectl's kustomize and kustomize itself. */
export async function benchBuild({ full }: { readonly full: boolean }): Promise<(Row | Omitted)[]> {
  const what = "slipway build, 26.03 example";
  if (!existsSync(release)) return [{ what, reason: `no release at ${release}` }];
  const local = copyWithRemotes(release, remotes);
  try {
    const example = join(local.folder, "example");
    const peer = await fasterPeer(example);
    if (!peer) return [{ what, reason: "neither kubectl on the path nor a Go to build kustomize with" }];
    const [name, ...command] = peer;
    const [program = "", ...args] = command;
    const cold = await compare(
      [slipway, "build", "--no-cache", "--release", release, "--remotes", remotes],
      [program, ...args, example],
      3,
    );
    if (cold.ours.stdout !== cold.peer.stdout)
      throw new Error(`slipway build and ${name} print different bytes`);
    return [
      timeRatio(`slipway build / ${name}, 26.03 example`, cold.ours.wallMs, cold.peer.wallMs, 0.25),
      memoryRatio("the same, peak memory", cold.ours.peakMb, cold.peer.peakMb, 0.9),
      ...everyDirectory(local.folder, command, full),
      rebuild(local.folder, cold.peer),
      ...recording(example),
      growth(example),
    ];
  } finally {
    local.remove();
  }
}

/** The peer that builds the example sooner. */
async function fasterPeer(example: string): Promise<Peer | undefined> {
  const peers: Peer[] = [];
  const kubectl = onPath("kubectl");
  if (kubectl)
    peers.push(["kubectl kustomize", kubectl, "kustomize", "--load-restrictor=LoadRestrictionsNone"]);
  if (onPath("go") || process.env.KUSTOMIZE) {
    peers.push(["kustomize 5.8.1", realKustomize(), "build", "--load-restrictor=LoadRestrictionsNone"]);
  }
  const timed: { peer: Peer; wallMs: number }[] = [];
  for (const peer of peers) {
    const [, program = "", ...args] = peer;
    const runs = [await measure(program, [...args, example]), await measure(program, [...args, example])];
    timed.push({ peer, wallMs: median(runs).wallMs });
  }
  return timed.sort((a, b) => a.wallMs - b.wallMs)[0]?.peer;
}

/** All directories: kustomize knows only a process for each, ours is called as a library; with `full` as commands too. */
function everyDirectory(folder: string, [program = "", ...args]: readonly string[], full: boolean): Row[] {
  const directories = globSync("**/kustomization.yaml", { cwd: folder })
    .map((file) => join(folder, dirname(file)))
    .sort();
  const oneAfterAnother = (build: (directory: string) => void) => {
    const started = performance.now();
    for (const directory of directories) build(directory);
    return performance.now() - started;
  };
  const command = (program: string, args: readonly string[]) =>
    void spawnSync(program, args, { stdio: "ignore" });
  const theirs = oneAfterAnother((directory) => command(program, [...args, directory]));
  const oursMs = oneAfterAnotherInOneProcess(directories);
  const rows = [
    timeRatio(`all ${directories.length} directories, ours in one process`, oursMs, theirs, 0.25),
  ];
  if (full) {
    const cold = oneAfterAnother((directory) =>
      command(slipway, ["kustomize", "--load-restrictor=LoadRestrictionsNone", directory]),
    );
    rows.push(timeRatio("the same, a process for each", cold, theirs, 1));
  }
  return rows;
}

function oneAfterAnotherInOneProcess(directories: readonly string[]): number {
  const started = performance.now();
  const { failed } = JSON.parse(run([worker("build-directories"), ...directories])) as Built;
  if (failed > unbuildable) throw new Error(`${failed} directories did not build, ${unbuildable} never do`);
  return performance.now() - started;
}

/** What `slipway build --watch` does after a change, against a new build by the peer. */
function rebuild(folder: string, peer: Measurement): Row {
  const changed = join(
    folder,
    "applications/pipeline/upstream/base/installs/generic/pipeline-install-config.yaml",
  );
  const times = JSON.parse(run([worker("rebuild"), join(folder, "example"), changed])) as number[];
  const [middle = Number.NaN] = times.toSorted((a, b) => a - b).slice(Math.floor(times.length / 2));
  return timeRatio("rebuild after a changed file, as --watch does", middle, peer.wallMs, 0.05);
}

/** The engine with and without the statements that record what changed a field, in turn. */
function recording(example: string): Row[] {
  const runs = { recorded: [] as Built[], bare: [] as Built[] };
  for (let round = 0; round < 5; round += 1) {
    runs.recorded.push(buildOnce([worker("build-directories"), example]));
    runs.bare.push(
      buildOnce(["--import", worker("without-recording"), worker("build-directories"), example]),
    );
  }
  const recorded = medianOf(runs.recorded);
  const bare = medianOf(runs.bare);
  if (recorded.bytes !== bare.bytes) throw new Error("recording changes what is built");
  return [
    timeRatio("recording where fields come from / without, build", recorded.buildMs, bare.buildMs, 1.15),
    memoryRatio("the same, peak memory", recorded.peakMb, bare.peakMb, 1.25),
  ];
}

/** Ten copies of the example's objects, told apart by a prefix, against one. */
function growth(example: string): Row {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  try {
    const [one, ten] = [1, 10].map((count) => {
      const directory = writeCopies(example, folder, count);
      return medianOf([1, 2, 3].map(() => buildOnce([worker("build-directories"), directory])));
    });
    if (!one || !ten || ten.bytes < 10 * one.bytes)
      throw new Error("ten copies came to less than ten times one");
    return timeRatio("ten times the resources / once", ten.buildMs, one.buildMs, 11);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Built {
  readonly bytes: number;
  readonly failed: number;
  readonly buildMs: number;
  readonly peakMb: number;
}

/** One directory by a worker; one that does not build would be a time of nothing. */
function buildOnce(args: readonly string[]): Built {
  const built = JSON.parse(run(args)) as Built;
  if (built.failed > 0) throw new Error(`node ${args.join(" ")} built nothing`);
  return built;
}

function medianOf(runs: readonly Built[]): Built {
  const middle = runs.toSorted((a, b) => a.buildMs - b.buildMs)[Math.floor((runs.length - 1) / 2)];
  if (!middle) throw new Error("no runs to take the median of");
  return middle;
}

/** What a worker prints. */
function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.slice(0, 2).join(" ")} failed: ${stderr}`);
  return stdout;
}

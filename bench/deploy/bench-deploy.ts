// `npm run bench -- deploy [--full]`: ways to install the release, each on a control plane of its own.
import { existsSync } from "node:fs";
import { criticalPath, type Graph, inferGraph } from "@slipway/graph";
import { buildBundle, loadPlatform, runtimeFacts } from "@slipway/platform";
import { defaultTimeModel } from "@slipway/rehearsal";
import { expectedTimes } from "../../packages/cli/src/input/expected-time.ts";
import { realKustomize } from "../../test/conformance/fuzz/real-kustomize.ts";
import { buildControlPlane, skipWithoutGo } from "../../test/control-plane/build.ts";
import { fixture } from "../../test/support/fixtures.ts";
import { copyWithRemotes } from "../local-release.ts";
import { onPath } from "../on-path.ts";
import type { Omitted, Row } from "../row.ts";
import { byComponent } from "./by-component.ts";
import { copyObjects, releaseWith } from "./copies.ts";
import { perform, type Result } from "./perform.ts";
import { retryLoop, slipwayUp, type Way } from "./ways.ts";

const what = "slipway up, 26.03 on a real control plane";
const release = fixture("upstream", "26.03");
const remotes = fixture("remotes");
/** Enough for the pods of ten platforms. */
const nodes = 8;
const instant = 0.001;

/**
 * Slipway, upstream's advice, upstream's own installation and the critical path, side by side. `full` adds slow
 * and instant pods, the way component after component, and copies of the platform: about twenty minutes.
 */
export async function* benchDeploy({ full }: { readonly full: boolean }): AsyncGenerator<Row | Omitted> {
  const reason = skipWithoutGo() || (onPath("kubectl") ? false : "no kubectl on the path");
  if (reason) return yield { what, reason };
  if (!existsSync(release)) return yield { what, reason: `no release at ${release}` };
  buildControlPlane();
  const kustomize = realKustomize();

  const { resources } = buildBundle(await loadPlatform({ release, remotes }));
  const graph = inferGraph(resources, { facts: runtimeFacts });
  const objects = resources.map(({ object }) => object);
  const atLeast = (scale: number) =>
    criticalPath(graph, expectedTimes(graph, { ...defaultTimeModel, scale })).durationMs;
  const local = copyWithRemotes(release, remotes);
  const slipway = slipwayUp(["--release", release, "--remotes", remotes]);
  const loop = (pause: number) => retryLoop(kustomize, `${local.folder}/example`, pause);
  const run = async (way: Way, scale: number) => {
    const result = await perform(way, { objects, timeScale: scale, nodes });
    console.log(describe(result, scale));
    return result;
  };
  try {
    const bound = atLeast(1);
    const ours = await run(slipway, 1);
    yield againstBound("pods 3 to 12 s", ours, bound);
    yield* orderRows(ours, objects.length);
    const patient = await run(loop(20), 1);
    yield against("kubectl until it succeeds, 20 s between rounds", ours, patient, 0.28, bound);
    yield against("kubectl until it succeeds, 1 s between rounds", ours, await run(loop(1), 1), 0.42, bound);
    const oursAtOnce = await run(slipway, instant);
    const loopAtOnce = await run(loop(1), instant);
    yield against("kubectl, 1 s between rounds, instant pods", oursAtOnce, loopAtOnce, 0.2);
    if (!full) return;

    const ordered = await run(byComponent(resources), 1);
    yield against("kubectl, component after component", ours, ordered, 0.1, bound);
    yield againstBound("pods 12 to 48 s", await run(slipway, 4), atLeast(4));
    for (const times of [4, 10]) await benchCopies(times, graph);
  } finally {
    local.remove();
  }
}

async function benchCopies(times: number, graph: Graph): Promise<void> {
  const copies = copyObjects(graph, times);
  const copied = releaseWith(release, copies);
  const originals = [...graph.nodes.values()].flatMap((node) =>
    node.type === "object" ? [node.object] : [],
  );
  const objects = [...originals, ...copies];
  try {
    const way = slipwayUp(["--release", copied.folder, "--remotes", remotes]);
    const result = await perform(way, { objects, timeScale: 1, nodes, patienceMs: 600_000 });
    console.log(`     ${times} x the platform, ${objects.length} objects: ${describe(result, 1)}`);
  } finally {
    copied.remove();
  }
}

/** A row with our time over a peer's; `boundMs` is what no order of writes can do without. */
function against(peer: string, ours: Result, theirs: Result, target: number, boundMs?: number): Row {
  const least =
    boundMs === undefined ? "" : `; the critical path alone ${(boundMs / theirs.wallMs).toFixed(2)} x`;
  return {
    what: `slipway up / ${peer}`,
    value: ours.wallMs / theirs.wallMs,
    unit: "x",
    target,
    detail: `${seconds(ours.wallMs)} / ${seconds(theirs.wallMs)}${least}`,
  };
}

function againstBound(pods: string, ours: Result, boundMs: number): Row {
  return {
    what: `slipway up, beyond 1.15 x the critical path, ${pods}`,
    value: Math.max(0, ours.wallMs - 1.15 * boundMs) / 1_000,
    unit: "s",
    target: 2,
    detail: `${seconds(ours.wallMs)} / ${seconds(boundMs)}`,
  };
}

function orderRows(ours: Result, objects: number): Row[] {
  const unneeded = ours.refused + Math.abs(ours.written - objects);
  return [
    {
      what: "slipway up, writes refused, missing or repeated",
      value: unneeded,
      unit: "",
      target: 0,
      detail: `${ours.written} written, ${ours.refused} refused of ${objects}`,
    },
    {
      what: "slipway up, latest pod after it could be created",
      value: ours.latestPodMs / 1_000,
      unit: "s",
      target: 5,
      detail: `${ours.pods} pods`,
    },
  ];
}

function describe(result: Result, scale: number): string {
  const { way, wallMs, serverCpuSeconds, unmatched, refused, retries } = result;
  const { podsRefused, delayedPods, latestPodMs } = result;
  return [
    `     ${way}, pods x ${scale === instant ? 0 : scale}: ${seconds(wallMs)}`,
    `the API server computed for ${serverCpuSeconds.toFixed(0)} s`,
    `${result.written} writes`,
    `${refused + unmatched} refused (${unmatched} of unknown kind)`,
    `${retries} repeated`,
    `${podsRefused} pods refused, ${delayedPods} of ${result.pods} delayed by back-off, the latest ${seconds(latestPodMs)}`,
  ].join("; ");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

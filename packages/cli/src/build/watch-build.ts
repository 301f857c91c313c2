import { renameSync, writeFileSync } from "node:fs";
import { createBuildMemory, createRecorder, pathsOf } from "@slipway/kustomize";
import { type Bundle, buildBundle, type Platform, readsOf } from "@slipway/platform";
import { compareBuilds } from "../diff/compare-builds.ts";
import { type BuildSide, sideOf } from "../diff/open-build.ts";
import { renderChange } from "../diff/render-change.ts";
import type { Paint } from "../output/paint.ts";
import { renderProblem } from "../output/render-problem.ts";
import { toProblem } from "../output/to-problem.ts";
import type { Shell } from "../shell.ts";
import { untilInterrupted } from "../stop-on-interrupt.ts";
import { type BuildFormat, printBuild } from "./printed-build.ts";
import { watchFiles } from "./watch-files.ts";

/** What is built again and again, and what becomes of it. */
export interface WatchOptions {
  /** Read anew for each build: what it names may have changed. */
  readonly openPlatform: () => Promise<Platform>;
  readonly strict: boolean;
  readonly format: BuildFormat;
  /** The file that each build is written to. */
  readonly file?: string;
  readonly paint: Paint;
}

/**
 * Builds whenever something that the build depends on changes, until Ctrl-C, and prints what is different in the
 * output, by object and field. A build that fails is told, and the next one is compared with the last that was good.
 */
export async function watchBuild(options: WatchOptions, shell: Shell): Promise<void> {
  const { openPlatform, strict, paint } = options;
  const memory = createBuildMemory();
  const files = watchFiles();
  let isOver = false;
  const over = untilInterrupted(shell).then(() => {
    isOver = true;
  });
  let last: Bundle | undefined;
  try {
    while (!isOver) {
      const started = performance.now();
      let platform: Platform | undefined;
      try {
        platform = await openPlatform();
        const bundle = buildBundle(platform, { strict, memory });
        if (options.file !== undefined) write(options.file, printBuild(bundle, options.format).bytes);
        report(bundle, last, performance.now() - started, { paint, shell });
        last = bundle;
      } catch (error) {
        shell.stderr.write(renderProblem(toProblem(error), paint));
      }
      files.cover([...pathsOf(memory.asked), ...(platform?.file ? [platform.file] : [])]);
      // What has changed while the watches were being set up would otherwise go unseen.
      const isCurrent = !platform || createRecorder(readsOf(platform)).holds(memory.asked);
      if (isCurrent) await Promise.race([files.changed(), over]);
    }
  } finally {
    files.close();
  }
}

/** Beside its place first, so that whoever reads it never sees half of it. */
function write(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

function report(
  bundle: Bundle,
  last: Bundle | undefined,
  ms: number,
  { paint, shell }: { readonly paint: Paint; readonly shell: Shell },
): void {
  const seconds = `${(ms / 1000).toFixed(2)} s`;
  if (!last) {
    const count = bundle.resources.length;
    shell.stderr.write(paint.dim(`built ${count} objects in ${seconds}; Ctrl-C ends the watch\n`));
    return;
  }
  const changes = compareBuilds(...onlyChanged(last, bundle));
  const count = changes.length === 1 ? "1 object" : `${changes.length} objects`;
  shell.stderr.write(paint.dim(`built again in ${seconds}: ${count} changed\n`));
  shell.stdout.write(changes.map((change) => renderChange(change, paint)).join(""));
}

/** Both builds without the objects that are printed alike in both. */
function onlyChanged(before: Bundle, after: Bundle): [BuildSide, BuildSide] {
  const textsOf = ({ resources }: Bundle) => new Set(resources.map(({ text }) => text));
  const without = (bundle: Bundle, texts: ReadonlySet<string | undefined>) =>
    sideOf({ ...bundle, resources: bundle.resources.filter(({ text }) => !texts.has(text)) });
  return [without(before, textsOf(after)), without(after, textsOf(before))];
}

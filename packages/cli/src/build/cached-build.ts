import { hash } from "node:crypto";
import { join } from "node:path";
import { createRecorder } from "@slipway/kustomize";
import { buildBundle, cacheFolder, type Platform, readsOf } from "@slipway/platform";
import type { Shell } from "../shell.ts";
import { type BuildCache, openBuildCache } from "./build-cache.ts";
import { engineDigest } from "./engine-digest.ts";
import { type BuildFormat, type PrintedBuild, printBuild } from "./printed-build.ts";

/** What a build is asked for, beside its platform. */
export interface BuildRequest {
  readonly format: BuildFormat;
  readonly strict: boolean;
}

/** The cache of finished builds in the user's cache folder. */
export function userBuildCache({ environment }: Shell): BuildCache {
  return openBuildCache(join(cacheFolder(environment as NodeJS.ProcessEnv), "builds"));
}

/**
 * A platform's build, from the cache if every file that was read holds what it held and every one that was missing is
 * still missing; else built, and kept. Throws the ProblemError of the build; failures are never kept.
 */
export function cachedBuild(
  platform: Platform,
  request: BuildRequest,
  shell: Pick<Shell, "directory">,
  cache: BuildCache,
): PrintedBuild {
  const key = keyOf(platform, request, shell.directory);
  const recorder = createRecorder(readsOf(platform));
  const known = cache.load(key);
  if (known && recorder.holds(known.answers)) return known.build;
  const build = printBuild(
    buildBundle(platform, { strict: request.strict, reads: recorder }),
    request.format,
  );
  cache.save(key, { build, answers: recorder.asked });
  return build;
}

/** All that decides a build except what it reads. The directory is in it because warnings name files from there. */
function keyOf(
  { release, components, warnings }: Platform,
  request: BuildRequest,
  directory: string,
): string {
  const { root, name, example, entries, mounts } = release;
  const parts = [
    engineDigest(),
    { root, name, example, entries, mounts },
    components,
    warnings,
    request,
    directory,
  ];
  return hash("sha256", JSON.stringify(parts), "hex");
}

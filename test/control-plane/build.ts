import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const sources = import.meta.dirname;

/** Why a control plane cannot be built here, or false. */
export function skipWithoutGo(): string | false {
  return spawnSync("go", ["version"]).status === 0 ? false : "no go on the path";
}

/**
 * The control plane's binary, built when its sources changed (about five minutes with empty Go caches, seconds
 * afterwards) and kept in the user's cache folder under a digest of those sources.
 * @throws when Go is missing or the build fails, with Go's own output
 */
export function buildControlPlane(log: (line: string) => void = () => {}): string {
  const digest = createHash("sha256");
  for (const file of globSync(["*.go", "go.mod", "go.sum"], { cwd: sources }).sort()) {
    digest.update(`${file}\0`).update(readFileSync(join(sources, file)));
  }
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slipway", "control-plane");
  const binary = join(cache, digest.digest("hex").slice(0, 16));
  if (existsSync(binary)) return binary;

  const version = kubernetesVersion();
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const stamp = "k8s.io/component-base/version";
  const flags = `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`;
  mkdirSync(cache, { recursive: true });
  log(`building Kubernetes ${version} (minutes with empty Go caches)`);
  const partial = `${binary}.${process.pid}`;
  const build = spawnSync("go", ["build", "-trimpath", "-ldflags", flags, "-o", partial, "."], {
    cwd: sources,
    encoding: "utf8",
  });
  if (build.status !== 0)
    throw new Error(`go build failed: ${build.error?.message ?? build.stderr}`, { cause: build.error });
  renameSync(partial, binary);
  return binary;
}

/** The Kubernetes version that go.mod requires, `v1.36.2`. */
export function kubernetesVersion(): string {
  const version = /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(sources, "go.mod"), "utf8"))?.[1];
  if (!version) throw new Error("go.mod requires no k8s.io/kubernetes");
  return version;
}

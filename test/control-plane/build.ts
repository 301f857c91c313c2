import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const sources = import.meta.dirname;

/**
 * The minor versions that can be built, the one that tests use unless they say otherwise first; of the last, the
 * oldest that Kubernetes itself still supports beside it. The same Go sources make each, with its own go.mod.
 */
const goModules = { "1.36": "go.mod", "1.34": "go-1.34.mod" } as const;
export type KubernetesMinor = keyof typeof goModules;
export const kubernetesMinors = Object.keys(goModules) as KubernetesMinor[];
export const [newestMinor] = kubernetesMinors as [KubernetesMinor, ...KubernetesMinor[]];

/** Why a control plane cannot be built here, or false. */
export function skipWithoutGo(): string | false {
  return spawnSync("go", ["version"]).status === 0 ? false : "no go on the path";
}

/**
 * The binary of a control plane, built when its sources changed (about five minutes with empty Go caches, seconds
 * afterwards) and kept in the user's cache folder under a digest of those sources.
 * @throws when Go is missing or the build fails, with Go's own output
 */
export function buildControlPlane(
  minor: KubernetesMinor = newestMinor,
  log: (line: string) => void = () => {},
): string {
  const goModule = goModules[minor];
  const digest = createHash("sha256");
  for (const file of [
    ...globSync("*.go", { cwd: sources }),
    goModule,
    goModule.replace(/mod$/, "sum"),
  ].sort()) {
    digest.update(`${file}\0`).update(readFileSync(join(sources, file)));
  }
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slipway", "control-plane");
  const binary = join(cache, digest.digest("hex").slice(0, 16));
  if (existsSync(binary)) return binary;

  const version = kubernetesVersion(minor);
  const stamp = "k8s.io/component-base/version";
  const [majorNumber, minorNumber] = minor.split(".");
  const flags = `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${majorNumber} -X ${stamp}.gitMinor=${minorNumber}`;
  mkdirSync(cache, { recursive: true });
  log(`building Kubernetes ${version} (minutes with empty Go caches)`);
  const partial = `${binary}.${process.pid}`;
  const build = spawnSync(
    "go",
    ["build", `-modfile=${goModule}`, "-trimpath", "-ldflags", flags, "-o", partial, "."],
    { cwd: sources, encoding: "utf8" },
  );
  if (build.status !== 0)
    throw new Error(`go build failed: ${build.error?.message ?? build.stderr}`, { cause: build.error });
  renameSync(partial, binary);
  return binary;
}

/** The Kubernetes version that a minor's module file requires, `v1.36.2`. */
export function kubernetesVersion(minor: KubernetesMinor = newestMinor): string {
  const version = /k8s\.io\/kubernetes (v\S+)/.exec(
    readFileSync(join(sources, goModules[minor]), "utf8"),
  )?.[1];
  if (!version) throw new Error(`${goModules[minor]} requires no k8s.io/kubernetes`);
  return version;
}

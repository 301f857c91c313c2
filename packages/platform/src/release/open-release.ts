import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, posix, resolve } from "node:path";
import { remotesFolder } from "@slipway/kustomize";
import { isJsonObject, ProblemError, readYamlDocument } from "@slipway/yaml";
import { componentOfFile } from "../catalogue/catalogue.ts";
import type { Release, ReleaseEntry } from "./release.ts";
import { tagOfCheckout } from "./tag-of-checkout.ts";

/** The names under which kustomize finds a kustomization. */
const kustomizationFiles = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

export interface OpenReleaseOptions {
  /** Where relative paths start; the working directory when left out. */
  readonly directory?: string;
  /** A folder that stands for the network, as `remotesFolder` of @slipway/kustomize lays it out. */
  readonly remotes?: string;
  /** What to call it; else the version or name of the folder, or its tag. */
  readonly name?: string;
}

/**
 * Recognises a release's folder: it holds an `example` that lists components of the catalogue. Throws a
 * ProblemError: `release/not-found`, `release/not-a-folder`, `release/not-a-release`,
 * `release/remotes-not-found`, or what reading the example's YAML throws.
 */
export function openRelease(path: string, options: OpenReleaseOptions = {}): Release {
  const base = options.directory ?? ".";
  const root = resolve(base, path);
  if (!existsSync(root)) {
    throw new ProblemError({
      code: "release/not-found",
      message: `there is no folder ${path}`,
      next: "name the folder that holds a release of kubeflow/manifests",
    });
  }
  if (!statSync(root).isDirectory()) {
    throw new ProblemError({
      code: "release/not-a-folder",
      message: `${path} is a file, not a release's folder`,
      next: "name the folder that holds a release of kubeflow/manifests",
    });
  }
  const example = findExample(root);
  if (!example) throw notARelease(path, root, "it has no example/kustomization.yaml");
  const entries = readEntries(join(root, example));
  if (!entries.some(({ component }) => component)) {
    throw notARelease(path, root, `${example} lists none of the components that Slipway knows`);
  }
  return {
    root,
    name: options.name ?? nameOf(root),
    ...(options.remotes === undefined ? {} : openRemotes(options.remotes, base)),
    example,
    entries,
  };
}

function findExample(root: string): string | undefined {
  return kustomizationFiles.map((name) => `example/${name}`).find((file) => existsSync(join(root, file)));
}

/** A version in the path's last two names, else the tag that is checked out, else the path's last name. */
function nameOf(root: string): string {
  const names = [basename(root), basename(dirname(root))];
  return names.find((name) => /^v?\d+\.\d+/.test(name)) ?? tagOfCheckout(root) ?? basename(root);
}

function notARelease(path: string, root: string, why: string): ProblemError {
  const near = [dirname(root), join(root, "manifests")].find(findExample);
  return new ProblemError({
    code: "release/not-a-release",
    message: `${path} is no Kubeflow release: ${why}`,
    next: near
      ? `did you mean ${near}?`
      : "name the root of a release of kubeflow/manifests: it holds common, applications and example",
  });
}

function readEntries(file: string): ReleaseEntry[] {
  const document = readYamlDocument(readFileSync(file, "utf8"), { dialect: "kustomize", file });
  const resources = isJsonObject(document.value) ? document.value.resources : undefined;
  if (!Array.isArray(resources)) return [];
  return resources.flatMap((resource): ReleaseEntry[] => {
    if (typeof resource !== "string") return [];
    const component = componentOfFile(`${posix.join("example", resource)}/`);
    return [component ? { resource, component } : { resource }];
  });
}

function openRemotes(path: string, base: string): Pick<Release, "remotes" | "mounts"> {
  const folder = resolve(base, path);
  if (existsSync(folder) && statSync(folder).isDirectory()) {
    return { remotes: remotesFolder(folder), mounts: [{ place: folder, name: "" }] };
  }
  throw new ProblemError({
    code: "release/remotes-not-found",
    message: `there is no folder ${path} to take remote references from`,
    next: "name a folder that holds HOST/OWNER/REPO@REF, or leave remotes out",
  });
}

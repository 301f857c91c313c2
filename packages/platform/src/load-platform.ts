import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ProblemError, type YamlDocument } from "@slipway/yaml";
import { catalogue } from "./catalogue/catalogue.ts";
import type { Preset } from "./catalogue/preset.ts";
import { type ResolvedComponents, resolveComponents } from "./compose/resolve-components.ts";
import type { ParsedPlatformFile } from "./file/parse-platform-file.ts";
import type { PlatformFile } from "./file/schema.ts";
import { chooseRelease, openChoice, type ReleaseChoice } from "./release/choose-release.ts";
import type { Mirrors } from "./release/mirrors.ts";
import type { Release } from "./release/release.ts";

/** Where a platform comes from. Relative paths start at `directory`. */
export interface LoadPlatformOptions {
  /** The working directory; the process's own when left out. */
  readonly directory?: string;
  /** A slipway.yaml. */
  readonly file?: string;
  /** A release instead of the one that the file names: its folder, `ADDRESS#REF`, or a version. */
  readonly release?: string;
  /** The starter platform, instead of the release that the file names. */
  readonly starter?: boolean;
  /** A folder that stands for the network, instead of the one that the file names. */
  readonly remotes?: string;
  readonly preset?: Preset;
  /** Components on top of those that the file adds. */
  readonly add?: readonly string[];
  /** Components to leave out besides those that the file drops. */
  readonly drop?: readonly string[];
  /** Where fetched content is kept. */
  readonly cache?: string;
  /** Hears of everything that is fetched. */
  readonly report?: (line: string) => void;
}

/** A platform that is decided on and not yet built. */
export interface Platform {
  readonly name: string;
  readonly release: Release;
  readonly components: ResolvedComponents;
  /** The cluster that slipway.yaml names; without one nothing but the embedded cluster is touched. */
  readonly cluster?: { readonly context: string; readonly kubeconfig?: string };
  readonly timeouts: PlatformTimeouts;
  /** The file of the embedded cluster's time model, absolute. */
  readonly timeModel?: string;
  /** The slipway.yaml that it was read from, absolute. */
  readonly file?: string;
  readonly warnings: readonly string[];
}

/** How long an object may take to become ready, in milliseconds. */
export interface PlatformTimeouts {
  /** By component: the catalogue's, under the file's. */
  readonly components: Readonly<Record<string, number>>;
  /** For every other object, when the file says so. */
  readonly default?: number;
}

/** The file that is read when none is named. */
export const platformFileName = "slipway.yaml";

/**
 * Finds out what is to be deployed: from the file that is named; else from the release or starter that is
 * named, and then no file is read; else from `slipway.yaml` in the working directory; else the starter. Reads
 * and checks, builds nothing. Only a locked release that the cache lacks uses the network. Throws a ProblemError.
 */
export async function loadPlatform(options: LoadPlatformOptions = {}): Promise<Platform> {
  const directory = resolve(options.directory ?? ".");
  if (options.release !== undefined && options.starter) {
    throw new ProblemError({
      code: "platform/contradiction",
      message: "a release and the starter platform are both named",
      next: "name one of them",
    });
  }
  const file = findFile(options, directory);
  const parsed = file === undefined ? undefined : await readFile(file, options.file ?? platformFileName);
  const spec = parsed?.content.spec;
  const release = await locating(parsed?.document, "release", () =>
    openChoice(
      chooseRelease({
        ...options,
        directory,
        ...(spec === undefined ? {} : { named: spec.release }),
        ...(file === undefined ? {} : { file }),
      }),
    ),
  );
  const preset = options.preset ?? spec?.components.preset;
  const components = await locating(parsed?.document, "components", () =>
    resolveComponents(
      release,
      {
        ...(preset === undefined ? {} : { preset }),
        add: [...(spec?.components.add ?? []), ...(options.add ?? [])],
        drop: [...(spec?.components.drop ?? []), ...(options.drop ?? [])],
      },
      {
        hasDirectory: (path) => existsSync(join(release.root, path)),
        placeOf: (list, name) => {
          const names: readonly string[] = spec?.components[list] ?? [];
          const index = names.indexOf(name);
          if (!parsed || index < 0) return undefined;
          const path = ["spec", "components", list, index];
          return { position: parsed.document.position(path), sourceLine: parsed.document.sourceLine(path) };
        },
      },
    ),
  );
  const cluster = spec?.cluster;
  return {
    name: parsed?.content.metadata.name ?? "kubeflow",
    release,
    components,
    ...(cluster === undefined ? {} : { cluster: placeCluster(cluster, file) }),
    timeouts: chooseTimeouts(spec?.timeouts ?? {}),
    ...(spec?.timeModel === undefined
      ? {}
      : { timeModel: resolve(file === undefined ? "." : dirname(file), spec.timeModel) }),
    ...(file === undefined ? {} : { file }),
    warnings: components.warnings,
  };
}

/**
 * What a command that locks or vendors works on: the release that is named, else that of the file. Unlike
 * {@link loadPlatform} it reads the `slipway.yaml` of the working directory beside a named release too, whose
 * mirrors and lock count.
 */
export async function readReleaseChoice(
  options: Omit<LoadPlatformOptions, "preset" | "add" | "drop" | "starter"> & { readonly mirrors?: Mirrors },
): Promise<ReleaseChoice> {
  const directory = resolve(options.directory ?? ".");
  const usual = existsSync(join(directory, platformFileName)) ? platformFileName : undefined;
  const named = options.file ?? usual;
  const file = findFile(named === undefined ? {} : { file: named }, directory);
  const parsed = file === undefined ? undefined : await readFile(file, named ?? platformFileName);
  return chooseRelease({
    ...options,
    directory,
    ...(parsed === undefined ? {} : { named: parsed.content.spec.release }),
    ...(file === undefined ? {} : { file }),
  });
}

function findFile(options: LoadPlatformOptions, directory: string): string | undefined {
  if (options.file === undefined) {
    const usual = join(directory, platformFileName);
    return options.release === undefined && !options.starter && existsSync(usual) ? usual : undefined;
  }
  const file = resolve(directory, options.file);
  if (!existsSync(file)) {
    throw new ProblemError({ code: "platform/not-found", message: `there is no file ${options.file}` });
  }
  if (!statSync(file).isFile()) {
    throw new ProblemError({
      code: "platform/not-a-file",
      message: `${options.file} is a folder`,
      next: existsSync(join(file, platformFileName))
        ? `did you mean ${join(options.file, platformFileName)}?`
        : "a release's folder is named as the release",
    });
  }
  return file;
}

/** The schema's library takes longer to load than a file takes to read: only whoever has a file pays for it. */
async function readFile(file: string, shown: string): Promise<ParsedPlatformFile> {
  const { parsePlatformFile } = await import("./file/parse-platform-file.ts");
  return parsePlatformFile(readFileSync(file, "utf8"), shown);
}

/** Adds to a problem that has no place yet where in the file its cause was named. */
async function locating<T>(
  document: YamlDocument | undefined,
  key: "release" | "components",
  act: () => T | Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.position || !document) throw error;
    const path = ["spec", key];
    throw new ProblemError(
      { ...error.problem, position: document.position(path), sourceLine: document.sourceLine(path) },
      { cause: error },
    );
  }
}

function placeCluster(
  cluster: NonNullable<PlatformFile["spec"]["cluster"]>,
  file: string | undefined,
): NonNullable<Platform["cluster"]> {
  if (cluster.kubeconfig === undefined) return { context: cluster.context };
  const beside = file === undefined ? "." : dirname(file);
  return { context: cluster.context, kubeconfig: resolve(beside, cluster.kubeconfig) };
}

function chooseTimeouts(named: Readonly<Partial<Record<string, number>>>): PlatformTimeouts {
  const components: Record<string, number> = {};
  for (const { name, timeoutSeconds } of catalogue) {
    const seconds = named[name] ?? timeoutSeconds;
    if (seconds !== undefined) components[name] = seconds * 1000;
  }
  return named.default === undefined ? { components } : { components, default: named.default * 1000 };
}

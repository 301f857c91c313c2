import { realpathSync } from "node:fs";
import { posix, relative, resolve } from "node:path";
import type { KubernetesObject } from "@slipway/kubernetes/objects";
import {
  type BuildMemory,
  type BuiltResource,
  build,
  diskFileSystem,
  type Reads,
  summarizeDeprecations,
} from "@slipway/kustomize";
import type { Problem } from "@slipway/yaml";
import type { Bundle, BundleResource } from "./bundle.ts";
import { componentOfFile } from "./catalogue/catalogue.ts";
import { composeOverlay, overlayDirectory } from "./compose/compose.ts";
import { layeredFileSystem } from "./compose/layered-file-system.ts";
import type { Platform } from "./load-platform.ts";
import type { Release } from "./release/release.ts";

/** What a build of a platform may use beside the platform. */
export interface BundleOptions {
  /** What earlier builds have left; see `build` of @slipway/kustomize. */
  readonly memory?: BuildMemory;
  /** What matches nothing is an error; see `build` of @slipway/kustomize. */
  readonly strict?: boolean;
  /** What to read instead of {@link readsOf} the platform, for instance the same with a recorder around it. */
  readonly reads?: Reads;
}

/**
 * Builds a platform: its release's example, over which the chosen components are laid. Origins are relative to
 * the release's folder, or to that of its remotes. Throws the ProblemError of the build.
 */
export function buildBundle(platform: Platform, options: BundleOptions = {}): Bundle {
  const { release } = platform;
  const { fileSystem, remotes } = options.reads ?? readsOf(platform);
  const result = build(shownPath(posix.join(release.root, posix.dirname(release.example))), {
    fileSystem,
    ...(remotes === undefined ? {} : { remotes }),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
  });
  const entries = entriesOf(platform);
  const nameFile = fileNamer(release);
  return {
    name: platform.name,
    release: release.name,
    resources: result.resources.map((resource) => toBundleResource(resource, entries, nameFile)),
    warnings: [...platform.warnings, ...(release.name === "starter" ? [starterWarning] : [])],
    notes: result.warnings
      .filter(({ code }) => code !== "kustomize/deprecated")
      .map((problem) => formatNote(problem, nameFile)),
    deprecations: summarizeDeprecations(result.warnings, nameFile),
    get yaml() {
      return result.bytes();
    },
    nameFile,
  };
}

/** What a build of a platform reads from: its release's files, and over them the kustomizations that choose. */
export function readsOf({ release, components }: Platform): Reads {
  const root = realpathSync(release.root);
  const overlay = Object.entries(composeOverlay(release, components));
  const files = Object.fromEntries(overlay.map(([path, text]) => [posix.join(root, path), text]));
  return {
    fileSystem: layeredFileSystem(release.fileSystem ?? diskFileSystem, files),
    remotes: release.remotes,
  };
}

const starterWarning = "this is the starter platform, for learning and rehearsal: its images exist nowhere";

/** The path that errors show: from the working directory when that is shorter. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && near.length < path.length ? near : path;
}

function toBundleResource(built: BuiltResource, entries: Entries, nameFile: NameFile): BundleResource {
  // Most commands ask for a few of these, of a few objects.
  return {
    get object() {
      return built.object as KubernetesObject;
    },
    get origin() {
      return { ...built.origin, file: nameFile(built.origin.file) };
    },
    get component() {
      // What the example lists is among the last kustomizations that an object passed; the example's own
      // `components` come between.
      const entry = this.trail?.map((file) => posix.dirname(file)).findLast((folder) => entries.has(folder));
      return entry === undefined ? componentOfFile(this.origin.file) : entries.get(entry);
    },
    get trail() {
      return built.trail.map(nameFile);
    },
    root: built.root,
    get text() {
      return built.text;
    },
  };
}

/** The directories that are built, and the component that each installs. */
type Entries = ReadonlyMap<string, string | undefined>;

function entriesOf({ release, components }: Platform): Entries {
  const example = posix.dirname(release.example);
  return new Map([
    ...components.kept.map(({ resource, component }) => [posix.join(example, resource), component] as const),
    ...components.added.flatMap(({ component, paths }) =>
      [...paths, overlayDirectory(component)].map((path) => [path, component.name] as const),
    ),
  ]);
}

type NameFile = (file: string) => string;

/** Gives paths as the release knows them; each is worked out once. */
function fileNamer({ root, mounts = [] }: Release): NameFile {
  const names = new Map<string, string>();
  const places = [...mounts, { place: root, name: "" }];
  return (file) => {
    const known = names.get(file);
    if (known !== undefined) return known;
    const path = resolve(file);
    const mount = places.find(({ place }) => path === place || path.startsWith(`${place}/`));
    const name = mount ? posix.join(mount.name, path.slice(mount.place.length).replace(/^\//, "")) : file;
    names.set(file, name);
    return name;
  };
}

function formatNote({ message, position, next }: Problem, nameFile: NameFile): string {
  const place = position ? `${nameFile(position.file)}:${position.line}: ` : "";
  return `${place}${message}${next ? `; ${next}` : ""}`;
}

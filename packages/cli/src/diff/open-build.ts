import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { formatIdentity, identify, type KubernetesObject } from "@slipway/kubernetes/objects";
import { build, explainField, findField } from "@slipway/kustomize";
import { type Bundle, buildBundle } from "@slipway/platform";
import type { SourcePosition, YamlNode } from "@slipway/yaml";
import { readPlatform } from "../input/read-platform.ts";
import type { Shell } from "../shell.ts";

/** One object of a build that is to be compared. */
export interface BuiltObject {
  readonly name: string;
  readonly kind: string;
  readonly origin: SourcePosition;
  readonly root: YamlNode;
}

/** One side of a comparison. */
export interface BuildSide {
  /** By group, kind, namespace and the name without the hash of its content. */
  readonly objects: ReadonlyMap<string, BuiltObject>;
  readonly nameFile: (file: string) => string;
}

/**
 * Builds what an argument names: `starter`, a slipway.yaml, a folder with a kustomization, or a release's folder.
 * Throws the ProblemError of reading or building it.
 */
export async function openBuild(name: string, remotes: string | undefined, shell: Shell): Promise<BuildSide> {
  const shared = remotes === undefined ? {} : { remotes };
  const folder = resolve(shell.directory, name);
  const kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
  if (name !== "starter" && kustomizations.some((file) => existsSync(join(folder, file)))) {
    const nameFile = (file: string) => relative(folder, resolve(file));
    const objects = build(folder, shared).resources.map(({ object, origin, root }) =>
      toEntry(object as KubernetesObject, { ...origin, file: nameFile(origin.file) }, root),
    );
    return { objects: new Map(objects), nameFile };
  }
  const input =
    name === "starter" ? { starter: true } : /\.ya?ml$/.test(name) ? { file: name } : { release: name };
  return sideOf(buildBundle(await readPlatform({ ...input, ...shared }, shell)));
}

/** A platform's build as a side of a comparison. */
export function sideOf(bundle: Bundle): BuildSide {
  const objects = bundle.resources.flatMap(({ object, origin, root }) =>
    root ? [toEntry(object, origin, root)] : [],
  );
  return { objects: new Map(objects), nameFile: bundle.nameFile ?? ((file) => file) };
}

function toEntry(object: KubernetesObject, origin: SourcePosition, root: YamlNode): [string, BuiltObject] {
  const id = identify(object);
  const name = nameBeforeHash(root) ?? id.name;
  const key = `${id.group}/${id.kind}/${id.namespace ?? ""}/${name}`;
  return [key, { name: formatIdentity(id), kind: id.kind, origin, root }];
}

/** The name of a generated object before its hash was added, so that it is found again when its content changes. */
function nameBeforeHash(root: YamlNode): string | undefined {
  const node = findField(root, ["metadata", "name"]);
  const history = node ? explainField(node) : [];
  const hashed = history.findIndex(({ kind }) => kind === "hash");
  const before = hashed > 0 ? history[hashed - 1]?.value : undefined;
  return typeof before === "string" ? before : undefined;
}

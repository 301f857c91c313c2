// Files of one volume that hide one another (kubernetes pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths).
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../admission/read-json.ts";

/** A path and what puts something there. */
interface Placed {
  readonly path: string;
  readonly source: string;
}

/** Advice about the volumes of a pod. */
export function overlapWarnings(volumes: readonly JsonObject[]): string[] {
  return volumes.flatMap((volume) => {
    const name = JSON.stringify(volume.name ?? "");
    const told = (what: string, overlaps: readonly string[]) =>
      overlaps.map((overlap) => `volume ${name} (${what}): overlapping paths: ${overlap}`);
    const configMap = JSON.stringify(textAt(volume, "configMap", "name") ?? "");
    const secret = JSON.stringify(textAt(volume, "secret", "secretName") ?? "");
    const sources = objectsAt(volume, "projected", "sources");
    return [
      ...told(`ConfigMap ${configMap}`, overlapsOf(pathsOf(objectAt(volume, "configMap"), ""))),
      ...told(`Secret ${secret}`, overlapsOf(pathsOf(objectAt(volume, "secret"), ""))),
      ...told("DownwardAPI", overlapsOf(pathsOf(objectAt(volume, "downwardAPI"), ""))),
      ...sources
        .filter((source) => Object.keys(source).length === 0)
        .map(() => `volume ${name} (Projected) has no sources provided`),
      ...told("Projected", overlapsOf(sources.flatMap(projectedPaths))),
    ];
  });
}

function pathsOf(source: JsonObject, name: string): Placed[] {
  return objectsAt(source, "items").map((item) => ({ path: textAt(item, "path") ?? "", source: name }));
}

function projectedPaths(source: JsonObject): Placed[] {
  const named = (kind: string, field: string) =>
    `${kind} ${JSON.stringify(textAt(source, field, "name") ?? "")}`;
  const token = textAt(source, "serviceAccountToken", "path");
  return [
    ...pathsOf(objectAt(source, "configMap"), named("ConfigMap", "configMap")),
    ...pathsOf(objectAt(source, "secret"), named("Secret", "secret")),
    ...pathsOf(objectAt(source, "downwardAPI"), "DownwardAPI"),
    ...(token === undefined ? [] : [{ path: token, source: "ServiceAccountToken" }]),
  ];
}

function overlapsOf(places: readonly Placed[]): string[] {
  const bare = places.map(({ path, source }) => ({ path: path.replace(/\/+$/, ""), source }));
  return bare.flatMap((one, index) =>
    bare
      .slice(0, index)
      .filter((other) => hides(one.path, other.path))
      .map((other) => `${show(one)} with ${show(other)}`),
  );
}

function hides(a: string, b: string): boolean {
  if (a === "" || b === "") return false;
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

function show({ path, source }: Placed): string {
  return source === "" ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
}

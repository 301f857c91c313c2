// Time models as files, for people to read, keep and change.
import { formatGoDuration, parseDuration, suggest } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject, ProblemError, readYamlDocument } from "@slipway/yaml";
import { defaultTimeModel, type ImageTimes, type TimeModel } from "./time-model.ts";

const apiVersion = "slipway.dev/v1alpha1";
const kind = "TimeModel";

/** The text of a model's file; `comment` is its first line. */
export function formatTimeModel(model: TimeModel, comment: string): string {
  const time = (ms: number) => (ms === 0 ? "0s" : formatGoDuration(ms));
  const images = Object.entries(model.images).map(
    ([image, { pullMs, settleMs }]) =>
      `    ${JSON.stringify(image)}: { pull: ${time(pullMs)}, settle: ${time(settleMs)} }\n`,
  );
  return `# ${comment}
apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${JSON.stringify(model.name)}
spec:
  # From scheduling to a running container, beyond the pulls; and whether a pod's pulls go side by side.
  overhead: ${time(model.overheadMs)}
  pulls: ${model.pulls}
  # pull: until the container runs. settle: from there until its readiness probe succeeds.
  images:${images.length === 0 ? " {}" : ""}
${images.join("")}  # Images that are not listed are spread between these; runningShare of it is pull where there is a probe.
  otherImages:
    from: ${time(model.imageFloorMs)}
    to: ${time(model.imageFloorMs + model.imageSpreadMs - 1)}
    runningShare: ${model.runningShare}
  completion: ${time(model.completionMs)}
  stop: ${time(model.stopMs)}
  provision: ${time(model.provisionMs)}
  scale: ${model.scale}
`;
}

/**
 * Reads a model's file; what it leaves out is as in the built-in model. `file` is the path that errors name.
 * @throws ProblemError `time-model/…` or `yaml/…` with the place in the file
 */
export function parseTimeModel(text: string, file: string): TimeModel {
  const document = readYamlDocument(text, { file });
  const fail = (path: readonly string[], message: string, next?: string): never => {
    throw new ProblemError({
      code: "time-model/invalid",
      message: `${path.join(".") || "the file"}: ${message}`,
      position: document.position(path),
      sourceLine: document.sourceLine(path),
      ...(next === undefined ? {} : { next }),
    });
  };
  const mapAt = (value: Json | undefined, path: readonly string[], keys?: readonly string[]): JsonObject => {
    if (value === undefined) return {};
    if (!isJsonObject(value)) return fail(path, "expected a map");
    for (const key of keys === undefined ? [] : Object.keys(value)) {
      if (keys?.includes(key)) continue;
      const [near] = suggest(key, keys ?? []);
      fail(
        [...path, key],
        "there is no such key",
        near ? `did you mean ${near}?` : `there are ${keys?.join(", ")}`,
      );
    }
    return value;
  };
  const timeAt = (map: JsonObject, path: readonly string[], otherwise: number): number => {
    const value = map[path.at(-1) ?? ""];
    if (value === undefined) return otherwise;
    const ms = typeof value === "string" || typeof value === "number" ? parseDuration(value) : undefined;
    return ms ?? fail(path, 'expected a time such as "850ms" or "3.2s" (a bare number is seconds)');
  };
  const numberAt = (map: JsonObject, path: readonly string[], most: number, otherwise: number): number => {
    const value = map[path.at(-1) ?? ""] ?? otherwise;
    return typeof value === "number" && value >= 0 && value <= most
      ? value
      : fail(path, `expected a number from 0${most === Number.POSITIVE_INFINITY ? "" : ` to ${most}`}`);
  };

  const root = mapAt(document.value, [], ["apiVersion", "kind", "metadata", "spec"]);
  if (root.apiVersion !== apiVersion) fail(["apiVersion"], `expected ${apiVersion}`);
  if (root.kind !== kind) fail(["kind"], `expected ${kind}`);
  const { name } = mapAt(root.metadata, ["metadata"]);
  if (typeof name !== "string" || name === "") return fail(["metadata", "name"], "the model has no name");
  const spec = mapAt(
    root.spec,
    ["spec"],
    ["overhead", "pulls", "images", "otherImages", "completion", "stop", "provision", "scale"],
  );
  const images: Record<string, ImageTimes> = {};
  for (const [image, value] of Object.entries(mapAt(spec.images, ["spec", "images"]))) {
    const path = ["spec", "images", image];
    const times = mapAt(value, path, ["pull", "settle"]);
    images[image] = {
      pullMs: timeAt(times, [...path, "pull"], 0),
      settleMs: timeAt(times, [...path, "settle"], 0),
    };
  }
  const { pulls = defaultTimeModel.pulls } = spec;
  if (pulls !== "parallel" && pulls !== "serial")
    return fail(["spec", "pulls"], "expected parallel or serial");
  const others = ["spec", "otherImages"];
  const other = mapAt(spec.otherImages, others, ["from", "to", "runningShare"]);
  const { imageFloorMs, imageSpreadMs, runningShare } = defaultTimeModel;
  const from = timeAt(other, [...others, "from"], imageFloorMs);
  const to = timeAt(other, [...others, "to"], Math.max(from, imageFloorMs + imageSpreadMs - 1));
  if (to < from) fail([...others, "to"], "it is less than from");
  const own = (key: string, otherwise: number) => timeAt(spec, ["spec", key], otherwise);
  return {
    name,
    images,
    imageFloorMs: from,
    imageSpreadMs: to - from + 1,
    runningShare: numberAt(other, [...others, "runningShare"], 1, runningShare),
    pulls,
    overheadMs: own("overhead", defaultTimeModel.overheadMs),
    completionMs: own("completion", defaultTimeModel.completionMs),
    stopMs: own("stop", defaultTimeModel.stopMs),
    provisionMs: own("provision", defaultTimeModel.provisionMs),
    scale: numberAt(spec, ["spec", "scale"], Number.POSITIVE_INFINITY, defaultTimeModel.scale),
  };
}

/** What a rehearsal says of the model that it uses: `built-in, images in 3 s to 12 s`. */
export function describeTimeModel(model: TimeModel): string {
  const seconds = (ms: number) => `${Math.round((ms * model.scale) / 100) / 10} s`;
  const measured = Object.keys(model.images).length;
  const others = `${seconds(model.imageFloorMs)} to ${seconds(model.imageFloorMs + model.imageSpreadMs - 1)}`;
  return measured === 0
    ? `${model.name}, an image takes ${others}`
    : `${model.name}, ${measured} images with times of their own, any other takes ${others}`;
}

import { createMapper, findObject, formatIdentity, identify } from "@slipway/kubernetes/objects";
import { type BundleResource, buildBundle } from "@slipway/platform";
import { ProblemError } from "@slipway/yaml";
import { formatFieldPath, parseFieldPath } from "../input/field-path.ts";
import type { InputFlags, OutputFlags } from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import type { Shell } from "../shell.ts";
import { createConceal } from "./conceal.ts";
import {
  historyOf,
  leavesOf,
  placeOf,
  type ShownMoment,
  type ShowOptions,
  wordFor,
} from "./field-history.ts";
import { locateField } from "./locate-field.ts";

interface FieldExplanation {
  readonly field: string;
  readonly history: readonly ShownMoment[];
}

/** Prints where an object was written, or a field of it: the place that first set it and each step that changed it. */
export async function explainObject(
  name: string,
  field: string | undefined,
  flags: InputFlags & OutputFlags,
  shell: Shell,
): Promise<void> {
  const path = field === undefined ? undefined : parseFieldPath(field);
  const bundle = buildBundle(await readPlatform(flags, shell));
  const resource = findObject(name, bundle.resources, {
    mapper: createMapper({ crds: bundle.resources.map(({ object }) => object) }),
    identityOf: ({ object }) => identify(object),
  });
  const options: ShowOptions = {
    kind: resource.object.kind,
    conceal: createConceal(),
    nameFile: bundle.nameFile ?? ((file) => file),
  };
  const object = formatIdentity(identify(resource.object));
  const json = flags.output === "json";
  if (path === undefined) {
    return shell.stdout.write(json ? printJson(objectJson(resource, object)) : objectText(resource, object));
  }
  const node = locateField(rootOf(resource), path, object);
  const own = { field: formatFieldPath(path), history: historyOf(node, path, options) };
  const parts = leavesOf(node, path).map((leaf) => ({
    field: formatFieldPath(leaf.path),
    history: historyOf(leaf.node, leaf.path, options),
  }));
  shell.stdout.write(
    json
      ? printJson({
          kind: "FieldExplanation",
          object,
          ...own,
          ...(parts.length > 0 ? { fields: parts } : {}),
        })
      : fieldText(object, own, parts),
  );
}

function rootOf({ root, object }: BundleResource) {
  if (root) return root;
  throw new ProblemError({
    code: "internal/no-provenance",
    message: `nothing is known of where ${object.kind}/${object.metadata.name} comes from`,
  });
}

function printJson(document: object): string {
  return `${JSON.stringify({ apiVersion: "slipway.dev/v1alpha1", ...document }, null, 2)}\n`;
}

function objectJson({ origin, component, trail = [] }: BundleResource, object: string): object {
  return {
    kind: "ObjectExplanation",
    object,
    origin,
    ...(component ? { component } : {}),
    kustomizations: trail,
  };
}

function objectText({ origin, component, trail = [] }: BundleResource, object: string): string {
  const lines = [
    `${object}${component ? ` belongs to ${component}` : ""}.`,
    "",
    `Written in  ${origin.file}:${origin.line}`,
    ...trail.map((file, index) => `${index === 0 ? "Passed     " : "           "} ${file}`),
  ];
  return `${lines.join("\n")}\n`;
}

function fieldText(object: string, own: FieldExplanation, parts: readonly FieldExplanation[]): string {
  const blocks = parts.length > 0 ? parts : [own];
  const rows = blocks.flatMap(({ history }) => history.map((each) => [placeOf(each), wordFor(each.step)]));
  const [places, steps] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const text = blocks.map(({ field, history }) => {
    const lines = history.map((each) => {
      const value = each.value === undefined ? "" : JSON.stringify(each.value);
      return `  ${placeOf(each).padEnd(places ?? 0)}  ${wordFor(each.step).padEnd(steps ?? 0)}  ${value}`.trimEnd();
    });
    return `${field}\n${lines.join("\n")}\n`;
  });
  return `${object}\n\n${text.join("\n")}`;
}

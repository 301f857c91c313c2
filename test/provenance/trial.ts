// A build, and what becomes of its output when some places of its files are changed.
import { type BuildResult, build, createBuildMemory, diskFileSystem } from "@slipway/kustomize";
import { isScalar, printedType, type YamlNode } from "@slipway/yaml";
import { applyEdits, type Edit, editAt } from "./change-value.ts";
import { decidingPlace, type Field, fieldsOf, namedPlaces, objectsOf, type Place } from "./fields.ts";

/** A field of the output that is not what it was: both sides, or the one on which it is. */
export interface Change {
  readonly object: string;
  readonly path: string;
  readonly before?: YamlNode;
  readonly after?: YamlNode;
}

/** A build that can be tried with other files; the files on disk stay as they are. */
export interface Trial {
  /** Every scalar of the output. */
  readonly fields: readonly Field[];
  /** The fields that a place decides, by its key. */
  readonly decidedBy: ReadonlyMap<string, readonly Field[]>;
  /** Every place that a field's history names. */
  named(node: YamlNode): ReadonlySet<string>;
  /** The edit that changes the value at a place; undefined when none is written there. */
  editAt(place: Place): Edit | undefined;
  /** Builds with edits. Throws the ProblemError of the build. */
  changesAfter(edits: readonly (readonly [Place, Edit])[]): Change[];
}

/** Builds a directory as it is. */
export function createTrial(directory: string, remotes: string): Trial {
  const objects = objectsOf(build(directory, { remotes }));
  const all = new Map([...objects].map(([key, { root }]) => [key, fieldsOf(key, root)]));
  const fields = [...all.values()].flatMap((each) => [...each.values()]).filter(({ node }) => isScalar(node));
  const known = new Map<YamlNode, Set<string>>();
  const memory = createBuildMemory();
  const texts = new Map<string, string>();
  const read = (file: string): string => {
    const text = texts.get(file) ?? new TextDecoder().decode(diskFileSystem.readFile(file));
    texts.set(file, text);
    return text;
  };
  return {
    fields,
    decidedBy: Map.groupBy(fields, ({ node }) => decidingPlace(node)?.key ?? ""),
    named: (node) => namedPlaces(node, known),
    editAt: (place) => editAt(read(place.file), place),
    changesAfter: (edits) => {
      const encoder = new TextEncoder();
      const files = new Map(
        [...Map.groupBy(edits, ([{ file }]) => file)].map(([file, each]) => {
          const once = new Map(each.map(([{ key }, edit]) => [key, edit]));
          return [file, encoder.encode(applyEdits(read(file), [...once.values()]))];
        }),
      );
      const fileSystem = {
        ...diskFileSystem,
        readFile: (path: string) => files.get(path) ?? diskFileSystem.readFile(path),
      };
      return changesOf(objects, all, build(directory, { remotes, memory, fileSystem }));
    },
  };
}

function changesOf(
  objects: ReturnType<typeof objectsOf>,
  all: ReadonlyMap<string, ReadonlyMap<string, Field>>,
  result: BuildResult,
): Change[] {
  const changes: Change[] = [];
  const now = objectsOf(result);
  for (const object of new Set([...objects.keys(), ...now.keys()])) {
    if (objects.get(object)?.text === now.get(object)?.text) continue;
    const before = all.get(object) ?? new Map<string, Field>();
    const root = now.get(object)?.root;
    const after = root ? fieldsOf(object, root) : new Map<string, Field>();
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const [left, right] = [before.get(path)?.node, after.get(path)?.node];
      if (left && right && left.text === right.text && printsAlike(left, right)) continue;
      changes.push({ object, path, ...(left ? { before: left } : {}), ...(right ? { after: right } : {}) });
    }
  }
  return changes;
}

/** A tag that is not printed makes no difference. */
function printsAlike(left: YamlNode, right: YamlNode): boolean {
  return printedType(left) === printedType(right);
}

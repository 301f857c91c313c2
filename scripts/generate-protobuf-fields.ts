// Writes packages/rehearsal/src/server/protobuf/fields.generated.json: the field numbers of the built-in kinds.
//
//   npx node scripts/generate-protobuf-fields.ts DIR...
//
// DIR holds generated.proto files of one Kubernetes release (`k8s.io/api`, `k8s.io/apimachinery`). Run
// generate-builtin-schemas.ts first: what OpenAPI does not list as a property is inlined.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Field {
  readonly number: string;
  readonly name: string;
  readonly type: string;
  readonly repeated: boolean;
  /** Of a map: the type of its values. */
  readonly values: string | undefined;
}

const scalars: Readonly<Record<string, string>> = {
  string: "s",
  bytes: "x",
  bool: "b",
  int32: "i",
  int64: "i",
  uint32: "i",
  uint64: "i",
  double: "d",
};

const output = join(import.meta.dirname, "../packages/rehearsal/src/server/protobuf/fields.generated.json");
const schemas: {
  kinds: Record<string, string>;
  types: Record<string, { p?: Record<string, unknown> }>;
} = JSON.parse(
  readFileSync(join(import.meta.dirname, "../packages/rehearsal/src/builtin/schemas.generated.json"), "utf8"),
);

const messages = new Map<string, Field[]>();
for (const directory of process.argv.slice(2)) {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.name === "generated.proto") readProto(readFileSync(join(entry.parentPath, entry.name), "utf8"));
  }
}

const wanted = [
  ...Object.values(schemas.kinds),
  "meta.v1.DeleteOptions",
  "autoscaling.v1.Scale",
  "policy.v1.Eviction",
];
const written: Record<string, Record<string, string>> = {};
while (wanted.length > 0) {
  const name = wanted.pop() as string;
  const fields = messages.get(name);
  // CustomResourceDefinitions and APIServices are sent as JSON; their JSON names differ from these.
  if (!fields || name in written) continue;
  written[name] = {};
  for (const field of fields) {
    written[name][field.number] = describe(name, field);
    for (const type of [field.type, field.values]) if (type && !(type in scalars)) wanted.push(type);
  }
}
writeFileSync(output, `${JSON.stringify(sortKeys(written))}\n`);

/** `name code [type]`; `~` before a name: its fields stand beside those around it. */
function describe(owner: string, field: Field): string {
  const properties = schemas.types[owner]?.p;
  const lower = field.name.charAt(0).toLowerCase() + field.name.slice(1);
  const known =
    !properties || field.name in properties ? field.name : lower in properties ? lower : undefined;
  const name = known ?? (field.type in scalars ? field.name : `~${field.name}`);
  if (field.values) return `${name} M${code(field.values)}`;
  return `${name} ${field.repeated ? "r" : ""}${code(field.type)}`;
}

function code(type: string): string {
  return scalars[type] ?? `m ${type}`;
}

function readProto(source: string): void {
  const scope = shorten(/^package ([\w.]+);/m.exec(source)?.[1] ?? "");
  for (const message of source.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)) {
    const fields: Field[] = [];
    for (const line of (message[2] as string).split("\n")) {
      const match =
        /^ {2}(?:(optional|repeated) )?(map<\s*[\w.]+\s*,\s*([\w.]+)\s*>|[\w.]+) (\w+) = (\d+);/.exec(line);
      if (!match) continue;
      const [, label, type = "", values, name = "", number = ""] = match;
      fields.push({
        number,
        name,
        type: values ? "" : resolve(type, scope),
        repeated: label === "repeated",
        values: values && resolve(values, scope),
      });
    }
    messages.set(`${scope}.${message[1]}`, fields);
  }
}

function resolve(type: string, scope: string): string {
  if (type in scalars) return type;
  return type.startsWith(".") ? shorten(type.slice(1)) : `${scope}.${type}`;
}

/** `k8s.io.api.core.v1` is `core.v1`, as in the schemas. */
function shorten(name: string): string {
  return name.replace(/^k8s\.io\.(?:api|apimachinery\.pkg(?:\.apis)?)\./, "");
}

function sortKeys<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Random replacements, of fields and of texts inside fields.
import { type Context, isWorkload, sourceFields } from "./feature.ts";
import type { FuzzObject } from "./objects.ts";
import type { Random } from "./random.ts";

export function replacements({ random, files, directory, targets }: Context): string {
  if (targets.length === 0) return "";
  const source = random.pick(targets);
  const target = random.pick(targets);
  if (random.chance(0.25)) return replacementsInText(random, files, directory);
  const sourceField = random.pick([
    "metadata.name",
    "kind",
    ...(random.chance(0.9) ? sourceFields(source) : ["spec.a"]),
  ]);
  const targetField = random.pick(
    random.chance(0.9) ? targetFields(target) : ["spec.a", "metadata.labels.[made.of/x]"],
  );
  const options = random.pick([
    "",
    "",
    "    options:\n      create: true\n",
    '    options:\n      delimiter: ":"\n      index: 1\n',
    '    options:\n      delimiter: "-"\n      index: -1\n',
    "    options:\n      delimiter: /\n      index: 99\n      create: true\n",
  ]);
  return `replacements:\n- source:\n    kind: ${source.kind}\n    name: ${source.name}\n    fieldPath: ${sourceField}\n  targets:\n  - select:\n      kind: ${target.kind}\n${random.chance(0.5) ? `      name: ${target.name}\n` : ""}    fieldPaths:\n    - ${targetField}\n${options}`;
}

function targetFields(object: FuzzObject): string[] {
  if (object.kind === "Foo") return ["spec.a", "spec.list.0.v", "spec.json.a.b", "spec.list.[name=two].name"];
  if (!isWorkload(object)) return ["metadata.name", "apiVersion"];
  const containers = "spec.template.spec.containers";
  return [`${containers}.[name=base].image`, `${containers}.*.image`, "spec.replicas"];
}

const texts = [
  `{"a": {"b": "c", "n": 1.50, "l": ["x", {"k": "v"}]}, "z": "<&>"}`,
  `{\n  "a": {\n    "b": "c"\n  },\n  "l": [1, 2]\n}`,
  `a: {\n  b: "c",\n  'n': on, image: r/i:1\n}\nl:\n  - {k: v}\n  - "quoted"\n`,
  `a:\n    b: c\n    n: 0777\nl:\n- x\n- k: 'v'\n`,
  `a:\n  b: |\n    two\n    lines\n  n: null\n`,
  `[{"k": 1}, {"a": {"b": true}}]`,
  `just words`,
];

/** A replacement that reaches into JSON or YAML text; its ConfigMap stands in a file of its own. */
function replacementsInText(random: Random, files: Record<string, string>, directory: string): string {
  const text = random.pick(texts).replace(/^(?=.)/gm, "    ");
  files[`${directory}/text.yaml`] =
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text\ndata:\n  t: |${random.pick(["", "-"])}\n${text}\n`;
  const path = random.pick(["t.a.b", "t.a.n", "t.l.0", "t.l.1.k", "t.a.new", "t.0.k", "t.a", "t.*.b"]);
  const source = random.pick([
    `sourceValue: ${random.pick(["new", '"5"', "'a: b'"])}`,
    "source: {kind: ConfigMap, name: text, fieldPath: metadata.name}",
    "source: {kind: Config.*, name: te.t, fieldPath: kind}",
  ]);
  const reject = random.pick(["", "", "    reject:\n    - name: other\n", "    reject:\n    - name: te.*\n"]);
  const options = random.pick(["", "", "    options: {create: true}\n"]);
  const select = random.pick(["{kind: ConfigMap, name: text}", "{name: te.t}", "{kind: .*Map, name: text}"]);
  const generator = "transformers:\n- text-transformer.yaml\n";
  files[`${directory}/text-transformer.yaml`] =
    `apiVersion: builtin\nkind: ReplacementTransformer\nmetadata: {name: text}\nreplacements:\n- ${source}\n  targets:\n  - select: ${select}\n${reject}    fieldPaths: [data.${path}]\n${options}`;
  return generator;
}

// Random generators and transformers given as plugins that are built in.
import type { Context } from "./feature.ts";

export function transformerPlugins({ random, files, directory, targets }: Context): string {
  const kind = targets[0]?.kind ?? "ConfigMap";
  const plugin = random.pick([
    "kind: PrefixTransformer\nmetadata: {name: t}\nprefix: t-\nfieldSpecs:\n- path: metadata/name\n",
    "kind: LabelTransformer\nmetadata: {name: t}\nlabels: {t: 5}\nfieldSpecs:\n- path: metadata/labels\n  create: true\n",
    "kind: AnnotationsTransformer\nmetadata: {name: t}\nannotations: {t: true}\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n",
    "kind: NamespaceTransformer\nmetadata: {name: t, namespace: ns-t}\nunsetOnly: true\nsetRoleBindingSubjects: allServiceAccounts\nfieldSpecs:\n- path: metadata/namespace\n  create: true\n",
    `kind: PatchTransformer\nmetadata: {name: t}\ntarget: {kind: ${kind}}\npatch: '[{"op": "add", "path": "/t", "value": 1.0}]'\n`,
    `kind: ValueAddTransformer\nmetadata: {name: t}\nvalue: v\ntargets:\n- selector: {kind: ${kind}}\n  fieldPath: metadata/annotations/path\n  filePathPosition: 2\n`,
    "kind: ReplicaCountTransformer\nmetadata: {name: t}\nreplica: {name: one, count: 4}\nfieldSpecs:\n- path: spec/replicas\n  create: true\n  kind: Deployment\n",
    "kind: ImageTagTransformer\nmetadata: {name: t}\nimageTag: {name: nginx, newTag: plug}\n",
  ]);
  if (random.chance(0.5)) {
    files[`${directory}/plugin.yaml`] = `apiVersion: builtin\n${plugin}`;
    return "transformers:\n- plugin.yaml\n";
  }
  return `transformers:\n- |-\n  apiVersion: builtin\n${plugin.replace(/^(?=.)/gm, "  ")}`;
}

export function generatorPlugins({ random }: Context): string {
  const kind = random.pick(["ConfigMapGenerator", "SecretGenerator"]);
  return `generators:\n- |-\n  apiVersion: builtin\n  kind: ${kind}\n  metadata:\n    name: plug\n${random.chance(0.3) ? "  behavior: create\n" : ""}  literals:\n  - p=q\n`;
}

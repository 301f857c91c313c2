// Random Kubernetes objects as YAML text, written in all the ways in which YAML can be written.
import type { Random } from "./random.ts";
import { schemaComment } from "./schemas.ts";

/** An object's text and the names by which others can speak of it. */
export interface FuzzObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly text: string;
}

const scalars = [
  "yes",
  "on",
  "n",
  "true",
  "False",
  "~",
  "null",
  "",
  "0777",
  "0o17",
  "08",
  "-0",
  "+7",
  "0x1F",
  "0b11",
  "1_000",
  "12:30",
  "2020-01-01",
  "2001-12-14t21:59:43.10-05:00",
  "1.0",
  "1e3",
  "1.50",
  ".5",
  "6.02e23",
  "9007199254740993",
  "123456789012345678901234567890",
  "1234567.5",
  "0.00001",
  "100000000",
  '"yes"',
  "'0777'",
  '"1"',
  "'it''s'",
  '"a\\tb"',
  '"\\u00e9\\U0001F600"',
  "'- x'",
  "'#x'",
  '"a: b"',
  "'*x'",
  "plain words",
  "a#b",
  "a:b",
  "x,y",
  "[1, two, {k: v}]",
  "{}",
  "[]",
  "{a: {b: }}",
  "é ü",
  "<<x",
  "=",
  "a very long line of words that goes on and on past the eightieth column because somebody wrote a description of it here",
  "'quoted and very long: it goes on and on past the eightieth column because somebody wrote a description here'",
  "|\n@  line one\n@  line two",
  "|-\n@  one\n@    two\n@\n@  three",
  "|+\n@  keep\n@\n",
  ">\n@  folded text\n@  goes on\n@\n@  here",
  "|\n@  tail \n@  x",
  "|2\n@    lead\n@  x",
  "!!str 5",
  "&anchor shared",
  "{\n@ a: [\n1,\n2 ],\n@ 'b': \"c\"\n}",
  '"a quoted\n@  string that\ngoes on"',
];

/** A scalar or small value; `margin` is the indentation of the key that it stands under. */
export function randomValue(random: Random, margin: string): string {
  return random.pick(scalars).replaceAll("@", margin);
}

function metadata(random: Random, name: string, namespace: string): string {
  let text = `metadata:\n  name: ${name}\n`;
  if (namespace !== "") text += `  namespace: ${namespace}\n`;
  if (random.chance(0.4)) text += `  labels:\n    app: ${random.pick(["web", "db", '"1"'])}\n`;
  if (random.chance(0.3)) {
    text += `  annotations:\n    note: ${random.pick(["x", '"y: z"', "5", "true", "'on'", "1.50"])}\n`;
  }
  if (random.chance(0.05))
    text += "  annotations: {}\n".replace("annotations", random.chance(0.5) ? "finalizers" : "extra");
  return text;
}

function podSpec(random: Random, margin: string, names: Names): string {
  const lines = [`containers:${schemaComment(random)}`];
  for (const name of random.some(["main", "side", "third"], 2).concat("base")) {
    lines.push(`- name: ${name}`, `  image: ${random.pick(images)}`);
    if (random.chance(0.4))
      lines.push("  args:", `  - --flag=${random.pick(["$(VAR_A)", "a", "$$(VAR_B)"])}`, "  - on-off");
    if (random.chance(0.5)) {
      lines.push(
        "  env:",
        "  - name: A",
        `    value: ${random.pick(["x", '"5"', "$(VAR_A)", "'$(VAR_A)-$(VAR_B)'"])}`,
      );
      lines.push(
        "  - name: B",
        "    valueFrom:",
        `      configMapKeyRef: {name: ${names.configMap}, key: k}`,
      );
    }
    if (random.chance(0.3)) lines.push("  envFrom:", `  - secretRef: {name: ${names.secret}}`);
    if (random.chance(0.4)) {
      lines.push("  ports:", "  - containerPort: 80");
      if (random.chance(0.5)) lines.push("    protocol: TCP", "  - containerPort: 80", "    protocol: UDP");
    }
    if (random.chance(0.3)) lines.push("  volumeMounts:", "  - mountPath: /data", "    name: v");
  }
  if (random.chance(0.4)) lines.push("volumes:", "- name: v", `  configMap: {name: ${names.configMap}}`);
  if (random.chance(0.4)) lines.push(`serviceAccountName: ${names.account}`);
  if (random.chance(0.2)) lines.push("imagePullSecrets:", `- name: ${names.secret}`);
  if (random.chance(0.2)) lines.push("tolerations:", "- key: a", "  operator: Exists");
  return lines.map((line) => `${margin}${line}\n`).join("");
}

const images = [
  "nginx",
  "nginx:1.7.9",
  "nginx@sha256:abc",
  "reg.io:5000/a/nginx:v1",
  "busybox:latest",
  "foo.bar/x",
];

interface Names {
  readonly configMap: string;
  readonly secret: string;
  readonly account: string;
}

type Maker = (
  random: Random,
  name: string,
  namespace: string,
  names: Names,
) => { apiVersion: string; kind: string; body: string };

const makers: readonly Maker[] = [
  (random) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    body: `data:\n  k: ${randomValue(random, "  ")}\n  tag: "1.2"\n  "quoted key": ${randomValue(random, "  ")}\n`,
  }),
  () => ({ apiVersion: "v1", kind: "Secret", body: "data:\n  k: dmFsdWU=\ntype: Opaque\n" }),
  () => ({ apiVersion: "v1", kind: "ServiceAccount", body: "" }),
  (random, name) => ({
    apiVersion: "v1",
    kind: "Service",
    body: `spec:\n  selector:\n    app: ${name}\n  ports:\n  - port: 80\n${random.chance(0.5) ? "    protocol: TCP\n    name: http\n" : ""}`,
  }),
  (random, _name, _namespace, names) => ({
    apiVersion: "apps/v1",
    kind: random.pick(["Deployment", "StatefulSet", "DaemonSet"]),
    body: `spec:\n  replicas: ${random.pick(["1", "3", '"2"'])}\n  selector:\n    matchLabels:\n      app: a\n  template:\n    metadata:\n      labels: {app: a}\n    spec:\n${podSpec(random, "      ", names)}`,
  }),
  (random, _name, _namespace, names) => ({
    apiVersion: random.pick(["batch/v1", "batch/v1beta1"]),
    kind: "CronJob",
    body: `spec:\n  schedule: "* * * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n${podSpec(random, "          ", names)}`,
  }),
  (random, _name, namespace, names) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: random.pick(["RoleBinding", "ClusterRoleBinding"]),
    body: `roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: role\nsubjects:\n- kind: ServiceAccount\n  name: ${random.pick([names.account, "default"])}\n${random.chance(0.5) ? `  namespace: ${namespace || "ns-a"}\n` : ""}`,
  }),
  () => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    body: "rules:\n- apiGroups: ['']\n  resources: [pods]\n  verbs: [get]\n",
  }),
  (random) => ({
    apiVersion: "example.com/v1",
    kind: "Foo",
    body: `spec:${schemaComment(random)}\n  a: ${randomValue(random, "  ")}\n  list:${schemaComment(random)}\n  - name: one\n    v: ${randomValue(random, "    ")}\n  - name: two\n  nested:\n    deep:\n      - - x\n        - ${random.pick(["1", "y", "on"])}\n  json: '{"a": {"b": "c"}}'\n`,
  }),
  (random, _name, _namespace, names) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    body: `spec:\n  tls:\n  - secretName: ${names.secret}\n  rules:\n  - host: ${random.pick(["h.example.com", "$(VAR_A).x"])}\n`,
  }),
  (_random, name) => ({
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    body: `spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: ${name}\n`,
  }),
  (random, name) => ({
    apiVersion: "example.com/v1",
    kind: "FooList",
    body: `items:\n- apiVersion: example.com/v1\n  kind: Foo\n  metadata:\n    name: ${name}-item\n  spec:\n    a: ${random.pick(["yes", "0777", "1.0", "2020-01-01"])}\n`,
  }),
  (random) => ({
    apiVersion: "example.com/v1",
    kind: "Bar",
    body: `base: &base\n  x: ${random.pick(["1", "on", "~"])}\n  y: [a, b]\nother:\n  <<: *base\n  y: c\nagain: *base # said before\n# a comment\nflow: {a: 1, "b": [x, {y: z}], c: }\n`,
  }),
  () => ({ apiVersion: "v1", kind: "Namespace", body: "" }),
  () => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    body: "spec:\n  group: example.com\n",
  }),
];

const names = ["one", "two", "three"];

/** Some objects, no two of the same id. */
export function randomObjects(random: Random, count: number, prefix: string): FuzzObject[] {
  const objects: FuzzObject[] = [];
  const seen = new Set<string>();
  const others: Names = {
    configMap: `${prefix}${random.pick(names)}`,
    secret: `${prefix}${random.pick(names)}`,
    account: `${prefix}${random.pick(names)}`,
  };
  for (let index = 0; index < count; index++) {
    const name = `${prefix}${random.pick(names)}`;
    const namespace = random.chance(0.2) ? random.pick(["ns-a", "ns-b", "default"]) : "";
    const { apiVersion, kind, body } = random.pick(makers)(random, name, namespace, others);
    const id = `${kind}/${name}/${namespace === "default" ? "" : namespace}`;
    if (seen.has(id)) continue;
    seen.add(id);
    const header = random.chance(0.5)
      ? `apiVersion: ${apiVersion}\nkind: ${kind}\n`
      : `kind: ${kind}\napiVersion: ${apiVersion}\n`;
    objects.push({
      apiVersion,
      kind,
      name,
      namespace,
      text: header + metadata(random, name, namespace) + body,
    });
  }
  return objects;
}

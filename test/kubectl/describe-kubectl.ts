// What people do with kubectl, by a real one on the embedded API server.
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Cluster, startCluster } from "@slipway/rehearsal";

const deployment = (replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { app: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
      - { name: web, image: "example.com/web:1", ports: [{ containerPort: 80 }] }
`;

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: widgets, singular: widget, kind: Widget, listKind: WidgetList, shortNames: [wd] }
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns:
    - { name: Size, type: integer, jsonPath: .spec.size }
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            description: What the widget shall be.
            properties: { size: { type: integer } }
`;

const widget = `
apiVersion: example.com/v1
kind: Widget
metadata: { name: small }
spec: { size: 3 }
`;

/** Declares the tests with one kubectl. */
export function describeKubectl(kubectl: string): void {
  let cluster: Cluster;
  let directory: string;

  before(async () => {
    cluster = await startCluster({ realTime: true, timeScale: 0.02 });
    await cluster.listen();
    directory = mkdtempSync(join(tmpdir(), "slipway-kubectl-"));
    writeFileSync(join(directory, "kubeconfig"), cluster.kubeconfig());
  });

  after(async () => {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const argumentsOf = (args: readonly string[]) => [
    "--kubeconfig",
    join(directory, "kubeconfig"),
    "--cache-dir",
    join(directory, "cache"),
    ...args,
  ];

  /** What kubectl prints; rejects with its complaint when it fails. */
  const run = (args: readonly string[], input?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = execFile(kubectl, argumentsOf(args), { timeout: 30_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${stderr}${stdout}` || error.message));
        else resolve(stdout);
      });
      child.stdin?.end(input ?? "");
    });

  test("version and api-resources", async () => {
    assert.match(await run(["version"]), /Server Version: v1\.36/);
    const resources = await run(["api-resources"]);
    assert.match(resources, /^deployments +deploy +apps\/v1 +true +Deployment$/m);
    assert.match(resources, /^namespaces +ns +v1 +false +Namespace$/m);
    assert.match(await run(["api-versions"]), /^rbac\.authorization\.k8s\.io\/v1$/m);
  });

  test("create, from flags and from a file", async () => {
    await run(["create", "namespace", "team"]);
    await run(["create", "configmap", "settings", "--from-literal=a=b", "-n", "team"]);
    const settings = JSON.parse(await run(["get", "configmap", "settings", "-n", "team", "-o", "json"]));
    assert.deepEqual(settings.data, { a: "b" });
    await run(["create", "secret", "generic", "password", "--from-literal=p=secret", "-n", "team"]);
    assert.equal(
      await run(["get", "secret", "password", "-n", "team", "-o", "jsonpath={.data.p}"]),
      Buffer.from("secret").toString("base64"),
    );
    await run(["create", "-n", "team", "-f", "-"], deployment(1));
    await assert.rejects(run(["create", "-n", "team", "-f", "-"], deployment(1)), /AlreadyExists/);
    await assert.rejects(
      run(["create", "-f", "-"], deployment(1).replace("replicas:", "replicaz:")),
      /unknown field "spec\.replicaz"/,
    );
  });

  test("rollout status and wait", async () => {
    assert.match(
      await run(["rollout", "status", "deployment/web", "-n", "team", "--timeout=20s"]),
      /successfully rolled out/,
    );
    await run(["wait", "--for=condition=Available", "deployment/web", "-n", "team", "--timeout=20s"]);
    await run(["wait", "--for=condition=Ready", "pod", "-l", "app=web", "-n", "team", "--timeout=20s"]);
  });

  test("get as a table, as YAML, and by selectors", async () => {
    const table = await run(["get", "deployments", "-n", "team"]);
    assert.match(table, /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +1\/1 +1 +1 +\d+s\n$/);
    const wide = await run(["get", "pods", "-n", "team", "-o", "wide"]);
    assert.match(wide, /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE/);
    assert.match(wide, /^web-\S+ +1\/1 +Running +0 +\S+ +\d+\.\d+\.\d+\.\d+ +node-\d/m);
    const yaml = await run(["get", "deployment", "web", "-n", "team", "-o", "yaml"]);
    assert.match(yaml, /^ {2}progressDeadlineSeconds: 600$/m);
    assert.match(yaml, /^kind: Deployment$/m);
    assert.equal(await run(["get", "deploy", "-A", "-l", "app=web", "-o", "name"]), "deployment.apps/web\n");
    assert.equal(await run(["get", "deploy", "-A", "-l", "app!=web", "-o", "name"]), "");
    const selected = ["get", "pods", "-A", "--field-selector", "status.phase=Running", "-o", "name"];
    assert.match(await run(selected), /^pod\/web-/m);
    assert.match(await run(["get", "all", "-n", "team"]), /^replicaset\.apps\/web-/m);
  });

  test("get -w shows changes as they come", async () => {
    const watching = spawn(
      kubectl,
      argumentsOf(["get", "configmaps", "-n", "team", "-w", "--output-watch-events"]),
    );
    try {
      await printed(watching, /settings/);
      const seen = printed(watching, /ADDED +later[\s\S]*DELETED +later/);
      await run(["create", "configmap", "later", "-n", "team"]);
      await run(["delete", "configmap", "later", "-n", "team"]);
      await seen;
    } finally {
      watching.kill();
    }
  });

  test("apply --server-side: ownership, conflicts, a second apply that changes nothing", async () => {
    const apply = ["apply", "--server-side", "-n", "team", "-f", "-"];
    assert.match(
      await run([...apply, "--field-manager=first", "--force-conflicts"], deployment(2)),
      /serverside-applied/,
    );
    await assert.rejects(
      run([...apply, "--field-manager=second"], deployment(3)),
      /conflict with "first"[\s\S]*\.spec\.replicas/,
    );
    const before = await run(["get", "deploy", "web", "-n", "team", "-o", "jsonpath={.metadata.generation}"]);
    await run([...apply, "--field-manager=first"], deployment(2));
    const later = await run(["get", "deploy", "web", "-n", "team", "-o", "jsonpath={.metadata.generation}"]);
    assert.equal(later, before);
    assert.match(
      await run([...apply, "--dry-run=server", "--field-manager=first"], deployment(5)),
      /dry run/,
    );
    const replicas = ["get", "deploy", "web", "-n", "team", "-o", "jsonpath={.spec.replicas}"];
    assert.equal(await run(replicas), "2");
  });

  test("apply without --server-side, which patches", async () => {
    await run(["apply", "-n", "team", "-f", "-"], deployment(2).replace("web:1", "web:2"));
    const image = "jsonpath={.spec.template.spec.containers[0].image}";
    assert.equal(await run(["get", "deploy", "web", "-n", "team", "-o", image]), "example.com/web:2");
    await run(["rollout", "status", "deployment/web", "-n", "team", "--timeout=20s"]);
  });

  test("logs of a simulated container, and no process to run a command in", async () => {
    const logs = await run(["logs", "deployment/web", "-n", "team"]);
    assert.match(logs, /^container "web" is simulated: .*\n$/);
    assert.equal(await run(["logs", "deployment/web", "-n", "team", "--tail=0"]), "");
    await assert.rejects(
      run(["logs", "deployment/web", "-n", "team", "--previous"]),
      /previous terminated container "web" in pod "web-\S+" not found/,
    );
    for (const command of [
      ["exec", "deployment/web", "--", "true"],
      ["attach", "deployment/web"],
    ]) {
      await assert.rejects(
        run([...command.slice(0, 2), "-n", "team", ...command.slice(2)]),
        /unable to upgrade connection: container not found \("web"\)/,
      );
    }
    await assert.rejects(run(["port-forward", "deployment/web", "80", "-n", "team"]), /listens on no port/);
  });

  test("a List is checked against OpenAPI v2 by kubectl itself", async () => {
    const list = (items: object[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const item = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "listed", namespace: "team" } };
    assert.equal(await run(["apply", "-f", "-"], list([item])), "configmap/listed created\n");
    await assert.rejects(run(["apply", "-f", "-"], list([{ ...item, dada: {} }])), /unknown field "dada"/);
  });

  test("diff shows what apply would change", async () => {
    const change = deployment(2).replace("web:1", "web:3");
    await assert.rejects(run(["diff", "-n", "team", "-f", "-"], change), /\+.* image: example\.com\/web:3/);
    assert.equal(await run(["diff", "-n", "team", "-f", "-"], deployment(2).replace("web:1", "web:2")), "");
  });

  test("patch in all three notations, label, scale", async () => {
    const replicas = () => run(["get", "deploy", "web", "-n", "team", "-o", "jsonpath={.spec.replicas}"]);
    const patch = (type: string, text: string) =>
      run(["patch", "deployment", "web", "-n", "team", "--type", type, "-p", text]);
    await patch("merge", '{"spec":{"replicas":3}}');
    assert.equal(await replicas(), "3");
    await patch("json", '[{"op":"replace","path":"/spec/replicas","value":1}]');
    assert.equal(await replicas(), "1");
    await patch(
      "strategic",
      '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"b"}]}]}}}}',
    );
    const container = "jsonpath={.spec.template.spec.containers[0]['image','env']}";
    assert.match(await run(["get", "deploy", "web", "-n", "team", "-o", container]), /web:2.*"A"/);
    await run(["label", "deployment", "web", "-n", "team", "tier=front"]);
    await run(["annotate", "deployment", "web", "-n", "team", "note=x"]);
    assert.equal(
      await run(["get", "deploy", "-A", "-l", "tier=front", "-o", "name"]),
      "deployment.apps/web\n",
    );
    await run(["scale", "deployment", "web", "-n", "team", "--replicas=2"]);
    assert.equal(await replicas(), "2");
    await assert.rejects(patch("json", '[{"op":"test","path":"/spec/replicas","value":9}]'));
  });

  test("a custom resource: definition, columns, explain", async () => {
    await run(["apply", "--server-side", "-f", "-"], definition);
    await run(["wait", "--for=condition=Established", "crd/widgets.example.com", "--timeout=20s"]);
    await run(["apply", "--server-side", "-n", "team", "-f", "-"], widget);
    assert.match(await run(["get", "wd", "-n", "team"]), /^NAME +SIZE\nsmall +3\n$/);
    assert.match(await run(["explain", "widget.spec"]), /What the widget shall be\./);
    assert.match(await run(["explain", "deployment.spec.replicas"]), /FIELD: replicas <integer>/);
    await assert.rejects(
      run(["apply", "--server-side", "-n", "team", "-f", "-"], widget.replace("size: 3", "size: big")),
      /spec\.size/,
    );
  });

  test("delete, one object and a namespace with all that is in it", async () => {
    await run(["delete", "deployment", "web", "-n", "team"]);
    await run(["wait", "--for=delete", "pod", "-l", "app=web", "-n", "team", "--timeout=20s"]);
    await run(["delete", "namespace", "team", "--timeout=20s"]);
    await assert.rejects(run(["get", "namespace", "team"]), /namespaces "team" not found/);
    await run(["delete", "crd", "widgets.example.com", "--timeout=20s"]);
    await assert.rejects(
      run(["get", "widgets"]),
      /the server (doesn't have a resource type|could not find the requested resource)/,
    );
  });
}

/** Resolves when what a process has printed since the call matches; rejects when it ends before. */
function printed(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`ended before it printed ${pattern}: ${text}`)));
  });
}

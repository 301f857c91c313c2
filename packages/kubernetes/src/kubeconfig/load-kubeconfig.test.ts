import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import type { ProblemError } from "@slipway/yaml";
import { loadKubeconfig } from "./load-kubeconfig.ts";

const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const first = file(
  "first",
  `apiVersion: v1
kind: Config
current-context: one
clusters:
- name: a
  cluster:
    server: https://a.example:6443/
    certificate-authority-data: ${Buffer.from("CA").toString("base64")}
    certificate-authority: ignored.pem
    tls-server-name: inside
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: x}
- name: b
  cluster: {server: "http://b.example", insecure-skip-tls-verify: true, proxy-url: "http://proxy:1"}
users:
- name: token
  user: {token: t}
- name: certificate
  user: {client-certificate: cert.pem, client-key: key.pem}
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./login
      args: [--now]
      env: [{name: A, value: b}]
      interactiveMode: Never
      provideClusterInfo: true
      installHint: get it
contexts:
- name: one
  context: {cluster: a, user: token, namespace: shop}
- name: two
  context: {cluster: b, user: certificate}
- name: three
  context: {cluster: a, user: plugin}
- name: broken
  context: {cluster: nowhere, user: token}
- name: missing-file
  context: {cluster: b, user: certificate-without-file}
- name: anonymous
  context: {cluster: b}
`,
);
const second = file(
  "second",
  "contexts: [{name: one, context: {cluster: z}}, {name: four, context: {cluster: a}}]\n",
);

/** The problem that a function throws. */
function problemOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return (error as ProblemError).problem;
  }
  return assert.fail("nothing was thrown");
}

test("a context becomes all that is needed to connect", () => {
  const config = loadKubeconfig({ path: first });
  assert.equal(config.currentContext, "one");
  assert.deepEqual(config.access("one"), {
    context: "one",
    source: first,
    server: "https://a.example:6443",
    namespace: "shop",
    certificateAuthority: "CA",
    tlsServerName: "inside",
    insecureSkipTlsVerify: false,
    credentials: { token: "t" },
  });
});

test("files are read beside the kubeconfig", () => {
  file("cert.pem", "CERT");
  file("key.pem", "KEY");
  const access = loadKubeconfig({ path: first }).access("two");
  assert.deepEqual(access.credentials, { clientCertificate: "CERT", clientKey: "KEY" });
  assert.deepEqual([access.insecureSkipTlsVerify, access.proxyUrl], [true, "http://proxy:1"]);
  assert.deepEqual(loadKubeconfig({ path: first }).access("anonymous").credentials, {});
});

test("a credential plugin is described, not run", () => {
  assert.deepEqual(loadKubeconfig({ path: first }).access("three").credentials.exec, {
    apiVersion: "client.authentication.k8s.io/v1",
    command: join(folder, "login"),
    args: ["--now"],
    env: { A: "b" },
    interactiveMode: "Never",
    provideClusterInfo: true,
    installHint: "get it",
    clusterConfig: { audience: "x" },
  });
});

test("of several files the first entry of a name counts; files that are not there are passed over", () => {
  const env = { KUBECONFIG: [join(folder, "nowhere"), first, second].join(delimiter) };
  const config = loadKubeconfig({ env });
  assert.deepEqual(config.files, [first, second]);
  assert.equal(config.access("one").namespace, "shop");
  assert.equal(config.access("four").server, "https://a.example:6443");
});

test("what is wrong is said with what to do", () => {
  const config = loadKubeconfig({ path: first });
  assert.equal(problemOf(() => config.access("too")).next, 'did you mean "two"?');
  assert.match(problemOf(() => config.access("zzzzzz")).next ?? "", /its contexts are: one, two/);
  assert.match(problemOf(() => config.access("broken")).message, /names the cluster "nowhere"/);
  assert.match(problemOf(() => config.access("missing-file")).message, /names the user/);
  assert.equal(
    problemOf(() => loadKubeconfig({ path: join(folder, "nowhere") })).code,
    "cluster/no-kubeconfig",
  );
  const pod = file("pod", "kind: Pod\n");
  assert.match(problemOf(() => loadKubeconfig({ path: pod })).message, /kind is "Pod"/);
  const bad = file("bad", "a: [\n");
  assert.equal(problemOf(() => loadKubeconfig({ path: bad })).code, "yaml/syntax");
});

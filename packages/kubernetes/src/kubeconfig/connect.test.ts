import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { checkCluster } from "../check-cluster.ts";
import type { ClusterAccess, Credentials, ExecPlugin } from "./cluster-access.ts";
import { connect, splitLines } from "./connect.ts";

const folder = mkdtempSync(join(tmpdir(), "connect-"));
after(() => rmSync(folder, { recursive: true }));

/** A server on a free port; closed when the test is over. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.closeAllConnections());
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function accessTo(server: string, credentials: Credentials = {}): ClusterAccess {
  return { context: "c", source: "kubeconfig", server, insecureSkipTlsVerify: false, credentials };
}

/** A credential plugin in Node that runs `script`. */
function plugin(script: string): ExecPlugin {
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script],
    env: { EXTRA: "yes" },
    interactiveMode: "Never",
    provideClusterInfo: true,
  };
}

async function authorizationSent(credentials: Credentials): Promise<string> {
  const server = await serve((request, response) => response.end(request.headers.authorization ?? "none"));
  const { transport, close } = await connect(accessTo(server, credentials));
  const text = await (await transport({ method: "GET", path: "/version" })).text();
  await close();
  return text;
}

test("a request arrives whole and its answer comes back", async () => {
  const server = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.writeHead(201, { Warning: ['299 - "a"', '299 - "b"'], "X-Y": "z" });
    response.end(`${request.method} ${request.url} ${request.headers["content-type"]} ${body}`);
  });
  const { transport, close } = await connect(accessTo(`${server}/prefix`));
  const answer = await transport({
    method: "PATCH",
    path: "/api?x=1",
    headers: { "content-type": "t" },
    body: "{}",
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.warning, '299 - "a", 299 - "b"');
  assert.equal(await answer.text(), "PATCH /prefix/api?x=1 t {}");
  await close();
});

test("tokens, token files and passwords are sent", async () => {
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, "from-file\n");
  assert.equal(await authorizationSent({ token: "plain" }), "Bearer plain");
  assert.equal(await authorizationSent({ token: "plain", tokenFile }), "Bearer from-file");
  assert.equal(await authorizationSent({ username: "u", password: "p" }), "Basic dTpw");
  assert.equal(await authorizationSent({}), "none");
});

test("a plugin is told the cluster, and asked again when its token is refused", async () => {
  const counter = join(folder, "counter");
  writeFileSync(counter, "");
  const exec = plugin(`
    const { appendFileSync, readFileSync } = require("node:fs");
    appendFileSync(${JSON.stringify(counter)}, process.env.KUBERNETES_EXEC_INFO + "\\n");
    const token = process.env.EXTRA + readFileSync(${JSON.stringify(counter)}, "utf8").trim().split("\\n").length;
    console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token } }));
  `);
  const server = await serve((request, response) => {
    response.writeHead(request.headers.authorization === "Bearer yes2" ? 200 : 401).end();
  });
  const { transport, close } = await connect(accessTo(server, { exec }));
  assert.equal((await transport({ method: "GET", path: "/" })).status, 200);
  assert.equal((await transport({ method: "GET", path: "/" })).status, 200);
  const asked = readFileSync(counter, "utf8").trim().split("\n");
  assert.equal(asked.length, 2);
  const info = JSON.parse(asked[0] ?? "");
  assert.deepEqual(info.spec, { interactive: false, cluster: { server } });
  await close();
});

test("a plugin that fails says so without what it printed", async () => {
  const server = await serve((_, response) => response.end());
  const sayings = {
    'console.log("secret"); process.exit(3)': /ended with exit code 3/,
    'console.log("secret")': /printed no JSON/,
    'console.log(JSON.stringify({kind: "ExecCredential", apiVersion: "other/v1", status: {token: "secret"}}))':
      /printed other\/v1/,
  };
  for (const [script, saying] of Object.entries(sayings)) {
    const { transport } = await connect(accessTo(server, { exec: plugin(script) }));
    await assert.rejects(transport({ method: "GET", path: "/" }), (error: ProblemError) => {
      assert.match(error.message, saying);
      assert.doesNotMatch(JSON.stringify(error.problem), /secret/);
      return true;
    });
  }
  const absent = { ...plugin(""), command: "no-such-plugin", installHint: "get it there" };
  const { transport } = await connect(accessTo(server, { exec: absent }));
  await assert.rejects(transport({ method: "GET", path: "/" }), (error: ProblemError) => {
    assert.match(error.message, /is not installed/);
    assert.equal(error.problem.next, "get it there");
    return true;
  });
});

test("lines come as they are sent, and an abort ends them", async () => {
  const server = await serve((_, response) => {
    response.write('{"a":1}\n{"b"');
    setImmediate(() => response.write(":2}\n"));
  });
  const { transport, close } = await connect(accessTo(server));
  const controller = new AbortController();
  const answer = await transport({ method: "GET", path: "/", signal: controller.signal });
  const lines: string[] = [];
  await assert.rejects(async () => {
    for await (const line of answer.lines()) {
      lines.push(line);
      if (lines.length === 2) controller.abort(new Error("enough"));
    }
  });
  assert.deepEqual(lines, ['{"a":1}', '{"b":2}']);
  await close();
});

test("lines may break anywhere, even inside a character", async () => {
  const bytes = new TextEncoder().encode("é1\n\né2");
  async function* chunks() {
    for (const byte of bytes) yield new Uint8Array([byte]);
  }
  const lines: string[] = [];
  for await (const line of splitLines(chunks())) lines.push(line);
  assert.deepEqual(lines, ["é1", "", "é2"]);
});

/** The problem with which a check of the cluster ends. */
async function checkEnds(server: string, credentials?: Credentials): Promise<string> {
  const { transport, close } = await connect(accessTo(server, credentials));
  try {
    const version = await checkCluster({ transport, server, context: "c", userAgent: "t" });
    return `${version.major}.${version.minor}`;
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    assert.ok(error.problem.next, "a next step");
    return error.problem.code;
  } finally {
    await close();
  }
}

test("a cluster that cannot be used says why", async () => {
  const kubernetes = (minor: string, groups = 200) =>
    serve((request, response) => {
      if (request.url === "/version")
        response.end(JSON.stringify({ major: "1", minor, gitVersion: `v1.${minor}.0` }));
      else response.writeHead(groups).end("{}");
    });
  assert.equal(await checkEnds(await kubernetes("34")), "1.34");
  assert.equal(await checkEnds(await kubernetes("31+")), "1.31");
  assert.equal(await checkEnds(await kubernetes("30")), "cluster/too-old");
  assert.equal(await checkEnds(await kubernetes("34", 401)), "cluster/unauthorized");
  assert.equal(await checkEnds(await kubernetes("34", 403)), "cluster/forbidden");
  const page = await serve((_, response) => response.end("<html>"));
  assert.equal(await checkEnds(page), "cluster/not-kubernetes");
  assert.equal(await checkEnds(page.replace("http:", "https:")), "cluster/tls");
  assert.equal(await checkEnds("http://127.0.0.1:1"), "cluster/refused");
  assert.equal(await checkEnds("http://no-such-host.invalid"), "cluster/unreachable");
});

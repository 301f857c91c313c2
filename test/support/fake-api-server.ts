import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Something that answers where an API server is expected, and the requests that it got. */
export interface FakeApiServer {
  readonly kubeconfig: string;
  readonly requests: readonly string[];
}

/**
 * Starts a server that answers every request with what `answer` gives, and writes a kubeconfig with the one
 * context `test` for it.
 */
export async function startFakeApiServer(
  context: TestContext,
  folder: string,
  answer: (path: string) => { readonly status: number; readonly body: object },
): Promise<FakeApiServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { status, body } = answer(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { requests, kubeconfig: writeKubeconfig(folder, `http://127.0.0.1:${port}`) };
}

/** A kubeconfig whose only, and current, context is `test`. */
export function writeKubeconfig(folder: string, server: string): string {
  const file = join(folder, "kubeconfig");
  const entries = {
    clusters: [{ name: "test", cluster: { server } }],
    users: [{ name: "test", user: { token: "of-no-use" } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": "test", ...entries }),
  );
  return file;
}

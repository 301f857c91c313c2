import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes, randomInt } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:https";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How a control plane is started. */
export interface ControlPlaneOptions {
  /** The binary that `buildControlPlane` gave. */
  readonly binary: string;
  /** A unix socket that takes HTTP CONNECT for every call that the API server makes into the cluster. */
  readonly egressSocket?: string;
  /** The API server goes to endpoints itself instead of to cluster IPs, as where no kube-proxy runs beside it. */
  readonly aggregatorRouting?: boolean;
  /** False starts etcd and the API server alone, without controllers and scheduler. */
  readonly controllers?: boolean;
  /** Keeps the folder with the logs, but not the data, after `stop`. */
  readonly keep?: boolean;
}

/** A running control plane. */
export interface ControlPlane {
  readonly url: string;
  readonly token: string;
  readonly folder: string;
  /** The file of a kubeconfig for cluster-admin. */
  readonly kubeconfig: string;
  /** The API server's audit log: one audit.k8s.io/v1 Event a line. */
  readonly auditLog: string;
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager and kube-scheduler in a new temporary folder on free
 * loopback ports, with certificates and keys of their own, and returns when the API server is ready.
 * The components end with this process, however it ends.
 * @throws with the tail of the log when a component ends early or nothing is ready within 60 s
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), "control-plane-"));
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const token = randomBytes(16).toString("hex");
  const path = (name: string) => join(folder, name);
  writeFileSync(path("tokens.csv"), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(path("sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  writeFileSync(path("sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(path("audit-policy.yaml"), auditPolicy);
  mkdirSync(path("certs"));

  const cleaner = removeAfterDeath([folder, ...(options.egressSocket ? [options.egressSocket] : [])]);
  const children: ChildProcess[] = [];
  const start = (component: string, flags: readonly string[]): void => {
    const log = openSync(path(`${component}.log`), "a");
    children.push(
      spawn(options.binary, [component, ...flags], { env: environment, stdio: ["ignore", log, log] }),
    );
    closeSync(log);
  };
  const stop = async (): Promise<void> => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(
      children.map((child) =>
        child.exitCode === null && child.signalCode === null
          ? new Promise((resolve) => child.once("exit", resolve))
          : undefined,
      ),
    );
    cleaner.kill("SIGKILL");
    rmSync(options.keep ? path("etcd") : folder, { recursive: true, force: true });
  };

  const url = `https://127.0.0.1:${apiPort}`;
  try {
    start("etcd", [
      `--data-dir=${path("etcd")}`,
      `--client-url=http://127.0.0.1:${etcdPort}`,
      `--peer-url=http://127.0.0.1:${peerPort}`,
    ]);
    const egress = options.egressSocket ? [`--egress-selector-config-file=${path("egress.yaml")}`] : [];
    if (options.egressSocket) writeFileSync(path("egress.yaml"), egressConfiguration(options.egressSocket));
    start("kube-apiserver", [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${apiPort}`,
      `--cert-dir=${path("certs")}`,
      `--token-auth-file=${path("tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${path("sa.pub")}`,
      `--service-account-signing-key-file=${path("sa.key")}`,
      "--endpoint-reconciler-type=none",
      "--allow-privileged=true",
      `--audit-policy-file=${path("audit-policy.yaml")}`,
      `--audit-log-path=${path("audit.jsonl")}`,
      `--enable-aggregator-routing=${options.aggregatorRouting ?? false}`,
      ...egress,
    ]);
    const certificate = path("certs/apiserver.crt");
    await until(children, folder, async () => existsSync(certificate));
    const kubeconfig = path("kubeconfig");
    const authority = readFileSync(certificate).toString("base64");
    writeFileSync(kubeconfig, kubeconfigFor(url, authority, token), { mode: 0o600 });
    await until(children, folder, () => isReady(url, readFileSync(certificate, "utf8"), token));
    const plane = { url, token, folder, kubeconfig, auditLog: path("audit.jsonl"), stop };
    if (options.controllers === false) return plane;
    const asAdmin = [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--secure-port=0",
      "--leader-elect=false",
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ];
    start("kube-controller-manager", [
      ...asAdmin,
      `--service-account-private-key-file=${path("sa.key")}`,
      `--root-ca-file=${certificate}`,
      "--controllers=*,-nodelifecycle,-taint-eviction-controller",
    ]);
    start("kube-scheduler", asAdmin);
    return plane;
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A third of a busy API server's time goes into collecting garbage; memory is what a test's machine has more of, up to
 * a bound. The components end with the process that started them.
 */
const environment = {
  GOGC: "1200",
  GOMEMLIMIT: "2GiB",
  ...process.env,
  CONTROL_PLANE_PARENT: String(process.pid),
};

/**
 * Removes files when this process is gone without having stopped, killed for instance: a shell reads from it until
 * then, in a process group of its own so that an interrupt does not reach it. The components end by themselves.
 */
function removeAfterDeath(files: readonly string[]): ChildProcess {
  const script = 'cat >/dev/null; sleep 1; rm -rf -- "$@"';
  const shell = spawn("sh", ["-c", script, "sh", ...files], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  (shell.stdin as Socket).unref();
  return shell;
}

// What the server asks of itself tells nothing about whoever deploys, and each audited body is encoded once more: the
// definitions of a release are megabytes.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{ level: None, users: ["system:apiserver"] }, { level: Metadata }]
`;

function egressConfiguration(socket: string): string {
  return `apiVersion: apiserver.k8s.io/v1beta1
kind: EgressSelectorConfiguration
egressSelections:
  - name: cluster
    connection:
      proxyProtocol: HTTPConnect
      transport: { uds: { udsName: ${JSON.stringify(socket)} } }
`;
}

function kubeconfigFor(server: string, authority: string, token: string): string {
  return `apiVersion: v1
kind: Config
current-context: control-plane
clusters: [{ name: control-plane, cluster: { server: "${server}", certificate-authority-data: ${authority} } }]
users: [{ name: admin, user: { token: ${token} } }]
contexts: [{ name: control-plane, context: { cluster: control-plane, user: admin } }]
`;
}

/** Polls until `check` holds; a component that ends meanwhile, or 60 s, is an error with its log. */
async function until(
  children: readonly ChildProcess[],
  folder: string,
  check: () => Promise<boolean>,
): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (await check()) return;
    const ended = children.find((child) => child.exitCode !== null || child.signalCode !== null);
    if (ended)
      throw new Error(`${ended.spawnargs[1]} ended early:\n${tailOfLog(folder, ended.spawnargs[1])}`);
    await sleep(50);
  }
  throw new Error(`the control plane was not ready after 60 s:\n${tailOfLog(folder, "kube-apiserver")}`);
}

function tailOfLog(folder: string, component = ""): string {
  return readFileSync(join(folder, `${component}.log`), "utf8").slice(-4000);
}

/** `/readyz` of the API server; false as long as nobody answers. */
function isReady(url: string, ca: string, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(
      `${url}/readyz`,
      { ca, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    probe.on("error", () => resolve(false));
    probe.end();
  });
}

/**
 * Ports that were free a moment ago, all different, and below those that a system gives to whoever asks for any: one of
 * these would be given to another connection before the component listens on it.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

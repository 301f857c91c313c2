import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { isJsonObject, type Json, type JsonObject, ProblemError, readYamlDocument } from "@slipway/yaml";
import { suggest } from "../suggest.ts";
import type { ClusterAccess, Credentials, ExecPlugin } from "./cluster-access.ts";

/** One or more kubeconfig files as one; of two entries with one name the first counts, as with kubectl. */
export interface Kubeconfig {
  /** The files that were read, in order. */
  readonly files: readonly string[];
  readonly contexts: readonly string[];
  /** What the file calls current. Slipway shows it and never uses it by itself. */
  readonly currentContext?: string;
  /** Everything needed to connect; reads the certificate files that the context names. Throws a ProblemError. */
  access(context: string): ClusterAccess;
}

/** Where to look for kubeconfig files. */
export interface LoadOptions {
  /** This file and no other. */
  readonly path?: string;
  /** For `KUBECONFIG`, a list of paths; `~/.kube/config` when it is not set. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

interface Entry {
  readonly file: string;
  readonly body: JsonObject;
}

/** Reads the kubeconfig. Throws a ProblemError when there is none, or when it is no kubeconfig. */
export function loadKubeconfig(options: LoadOptions = {}): Kubeconfig {
  const env = options.env ?? process.env;
  const named = options.path ? [options.path] : (env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  const paths = named.length > 0 ? named : [join(homedir(), ".kube", "config")];
  const files: string[] = [];
  const entries = {
    clusters: new Map<string, Entry>(),
    users: new Map<string, Entry>(),
    contexts: new Map<string, Entry>(),
  };
  let currentContext: string | undefined;
  for (const path of paths) {
    const text = readIfPresent(path);
    if (text === undefined) continue;
    files.push(path);
    const config = parseConfig(text, path);
    collect(config.clusters, "cluster", path, entries.clusters);
    collect(config.users, "user", path, entries.users);
    collect(config.contexts, "context", path, entries.contexts);
    currentContext ??= textOf(config["current-context"]);
  }
  if (files.length === 0) {
    throw new ProblemError({
      code: "cluster/no-kubeconfig",
      message: `there is no kubeconfig at ${paths.join(", ")}`,
      next: "set KUBECONFIG, or leave the context out to use the embedded cluster",
    });
  }
  return {
    files,
    contexts: [...entries.contexts.keys()],
    ...(currentContext ? { currentContext } : {}),
    access: (name) => accessOf(name, entries, files),
  };
}

function accessOf(
  name: string,
  entries: Record<"clusters" | "users" | "contexts", Map<string, Entry>>,
  files: readonly string[],
): ClusterAccess {
  const context = entries.contexts.get(name);
  if (!context) {
    const near = suggest(name, entries.contexts.keys(), 1)[0];
    const known = [...entries.contexts.keys()].join(", ");
    throw new ProblemError({
      code: "cluster/unknown-context",
      message: `no context "${name}" in ${files.join(", ")}`,
      next: near
        ? `did you mean "${near}"?`
        : known
          ? `its contexts are: ${known}`
          : "it has no contexts at all",
    });
  }
  const clusterName = textOf(context.body.cluster) ?? "";
  const cluster = entries.clusters.get(clusterName);
  if (!cluster)
    throw broken(context.file, `context "${name}" names the cluster "${clusterName}", which is not there`);
  const server = textOf(cluster.body.server);
  if (!server) throw broken(cluster.file, `cluster "${clusterName}" has no server`);
  const userName = textOf(context.body.user);
  const user = userName === undefined ? undefined : entries.users.get(userName);
  if (userName && !user)
    throw broken(context.file, `context "${name}" names the user "${userName}", which is not there`);
  const certificateAuthority = inlineOrFile(cluster, "certificate-authority");
  return {
    context: name,
    source: context.file,
    server: server.replace(/\/+$/, ""),
    insecureSkipTlsVerify: cluster.body["insecure-skip-tls-verify"] === true,
    credentials: user ? credentialsOf(user, cluster.body) : {},
    ...optional({
      namespace: textOf(context.body.namespace),
      certificateAuthority,
      tlsServerName: textOf(cluster.body["tls-server-name"]),
      proxyUrl: textOf(cluster.body["proxy-url"]),
    }),
  };
}

function credentialsOf(user: Entry, cluster: JsonObject): Credentials {
  const tokenFile = textOf(user.body.tokenFile);
  const { exec } = user.body;
  return optional({
    token: textOf(user.body.token),
    tokenFile: tokenFile && beside(user.file, tokenFile),
    username: textOf(user.body.username),
    password: textOf(user.body.password),
    clientCertificate: inlineOrFile(user, "client-certificate"),
    clientKey: inlineOrFile(user, "client-key"),
    exec: isJsonObject(exec) ? execOf(exec, user, cluster) : undefined,
  });
}

function execOf(exec: JsonObject, user: Entry, cluster: JsonObject): ExecPlugin {
  const command = textOf(exec.command);
  if (!command) throw broken(user.file, "a user's exec entry has no command");
  const env: Record<string, string> = {};
  for (const entry of list(exec.env))
    if (isJsonObject(entry)) env[String(entry.name)] = String(entry.value ?? "");
  const mode = textOf(exec.interactiveMode);
  const extension = list(cluster.extensions)
    .filter(isJsonObject)
    .find((entry) => entry.name === "client.authentication.k8s.io/exec");
  return {
    apiVersion: textOf(exec.apiVersion) ?? "client.authentication.k8s.io/v1",
    // A bare name is looked up on the path; anything with a slash is beside the kubeconfig.
    command: command.includes("/") ? beside(user.file, command) : command,
    args: list(exec.args).map(String),
    env,
    interactiveMode: mode === "Never" || mode === "Always" ? mode : "IfAvailable",
    provideClusterInfo: exec.provideClusterInfo === true,
    ...optional({ installHint: textOf(exec.installHint), clusterConfig: extension?.extension }),
  };
}

/** `KEY-data` (base64) wins over the file that `KEY` names, as with kubectl. */
function inlineOrFile(entry: Entry, key: string): string | undefined {
  const inline = textOf(entry.body[`${key}-data`]);
  if (inline) return Buffer.from(inline, "base64").toString("utf8");
  const path = textOf(entry.body[key]);
  if (!path) return undefined;
  const file = beside(entry.file, path);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ProblemError(
      { code: "cluster/kubeconfig", message: `${entry.file} names ${file} as ${key}, which cannot be read` },
      { cause },
    );
  }
}

function parseConfig(text: string, file: string): JsonObject {
  const document = readYamlDocument(text, { file });
  if (document.value === null) return {};
  if (!isJsonObject(document.value)) throw broken(file, "a kubeconfig is a map");
  const { kind } = document.value;
  if (kind !== undefined && kind !== "Config")
    throw broken(file, `its kind is "${String(kind)}" and not "Config"`);
  return document.value;
}

function collect(entries: Json | undefined, key: string, file: string, into: Map<string, Entry>): void {
  for (const entry of list(entries)) {
    if (!isJsonObject(entry) || typeof entry.name !== "string" || into.has(entry.name)) continue;
    const body = entry[key];
    into.set(entry.name, { file, body: isJsonObject(body) ? body : {} });
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ProblemError({ code: "cluster/kubeconfig", message: `${path} cannot be read` }, { cause });
  }
}

function broken(file: string, message: string): ProblemError {
  return new ProblemError({
    code: "cluster/kubeconfig",
    message: `${file} is not a usable kubeconfig: ${message}`,
  });
}

function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(file), path);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Only the entries that have a value. */
function optional<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

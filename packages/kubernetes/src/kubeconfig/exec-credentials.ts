import { spawn } from "node:child_process";
import { isJsonObject, type Json, type JsonObject, ProblemError } from "@slipway/yaml";
import type { ClusterAccess, ExecPlugin } from "./cluster-access.ts";

/** What a plugin printed, parsed. */
export interface ExecCredential {
  readonly token?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** Milliseconds since the epoch; absent means until the server refuses it. */
  readonly expiresAt?: number;
}

/**
 * Runs a credential plugin (KEP-541): `KUBERNETES_EXEC_INFO` tells it the API version, whether it may ask the
 * user, and if it wants that, the cluster. Throws a ProblemError; what it prints never gets into a message.
 */
export async function runExecPlugin(plugin: ExecPlugin, access: ClusterAccess): Promise<ExecCredential> {
  const interactive = plugin.interactiveMode !== "Never" && process.stdin.isTTY === true;
  if (plugin.interactiveMode === "Always" && !interactive) {
    throw failure(plugin, "wants to ask the user, and there is no terminal");
  }
  const info = JSON.stringify({
    kind: "ExecCredential",
    apiVersion: plugin.apiVersion,
    spec: { interactive, ...(plugin.provideClusterInfo ? { cluster: clusterInfo(plugin, access) } : {}) },
  });
  const output = await run(plugin, info, interactive);
  const status = parseStatus(output, plugin);
  const expires =
    typeof status.expirationTimestamp === "string" ? Date.parse(status.expirationTimestamp) : Number.NaN;
  const credential = {
    ...textEntry("token", status.token),
    ...textEntry("clientCertificate", status.clientCertificateData),
    ...textEntry("clientKey", status.clientKeyData),
    ...(Number.isNaN(expires) ? {} : { expiresAt: expires }),
  };
  if (!credential.token && !credential.clientCertificate)
    throw failure(plugin, "printed neither a token nor a certificate");
  return credential;
}

function run(plugin: ExecPlugin, info: string, interactive: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: info },
      stdio: [interactive ? "inherit" : "ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (chunk: string) => {
      output += chunk;
    });
    child.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        failure(
          plugin,
          cause.code === "ENOENT" ? "is not installed" : `could not be started (${cause.code})`,
          cause,
        ),
      );
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(failure(plugin, signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
    });
  });
}

function parseStatus(output: string, plugin: ExecPlugin): JsonObject {
  let credential: Json;
  try {
    credential = JSON.parse(output);
  } catch {
    throw failure(plugin, "printed no JSON");
  }
  if (!isJsonObject(credential) || credential.kind !== "ExecCredential" || !isJsonObject(credential.status)) {
    throw failure(plugin, "printed no ExecCredential with a status");
  }
  if (credential.apiVersion !== plugin.apiVersion) {
    throw failure(
      plugin,
      `printed ${String(credential.apiVersion)} where ${plugin.apiVersion} is configured`,
    );
  }
  return credential.status;
}

function clusterInfo(plugin: ExecPlugin, access: ClusterAccess): object {
  const authority = access.certificateAuthority;
  return {
    server: access.server,
    "tls-server-name": access.tlsServerName,
    "insecure-skip-tls-verify": access.insecureSkipTlsVerify || undefined,
    "certificate-authority-data": authority && Buffer.from(authority).toString("base64"),
    "proxy-url": access.proxyUrl,
    config: plugin.clusterConfig,
  };
}

function failure(plugin: ExecPlugin, what: string, cause?: unknown): ProblemError {
  const next = plugin.installHint ?? `run "${plugin.command}" by hand to see what it says`;
  return new ProblemError(
    { code: "cluster/credentials", message: `the credential plugin ${plugin.command} ${what}`, next },
    { cause },
  );
}

function textEntry<K extends string>(key: K, value: Json | undefined): { [P in K]?: string } {
  return (typeof value === "string" && value !== "" ? { [key]: value } : {}) as { [P in K]?: string };
}

// The helm program of this machine, for charts that a kustomization lists.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Helm } from "@slipway/kustomize";

/** What the command line says about helm. */
export interface HelmFlags {
  readonly enableHelm?: boolean;
  readonly helmCommand?: string;
  readonly helmApiVersions?: readonly string[];
  readonly helmKubeVersion?: string;
  readonly helmDebug?: boolean;
}

const maxBytes = 1 << 30;

/** Runs `helm` as kustomize does: away from the user's own repositories and plugins, in a folder made for it. */
export function helmProgram(
  flags: HelmFlags,
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Helm {
  const { helmCommand: command = "helm", helmApiVersions, helmKubeVersion, helmDebug } = flags;
  return {
    run: (args, { input = "", configHome }) => {
      const temporary = mkdtempSync(join(tmpdir(), "slipway-helm-"));
      try {
        const home = configHome ?? join(temporary, "helm");
        const env = {
          ...environment,
          HELM_CONFIG_HOME: home,
          HELM_CACHE_HOME: `${home}/.cache`,
          HELM_DATA_HOME: `${home}/.data`,
        };
        const ended = spawnSync(command, args, {
          cwd: directory,
          env,
          input,
          encoding: "utf8",
          maxBuffer: maxBytes,
        });
        if (ended.error)
          throw new Error(`${command} can't be run: ${ended.error.message}`, { cause: ended.error });
        if (ended.status !== 0)
          throw new Error(ended.stderr.trim() || `${command} ended with ${ended.status ?? ended.signal}`);
        return ended.stdout;
      } finally {
        rmSync(temporary, { recursive: true, force: true });
      }
    },
    ...(helmApiVersions ? { apiVersions: helmApiVersions } : {}),
    ...(helmKubeVersion ? { kubeVersion: helmKubeVersion } : {}),
    ...(helmDebug ? { debug: true } : {}),
  };
}

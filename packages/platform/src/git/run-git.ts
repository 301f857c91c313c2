// The git program: credentials, proxies, mirrors (url.*.insteadOf), partial and shallow clones are its job.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ProblemError } from "@slipway/yaml";

const execute = promisify(execFile);

/** Settings under which what git writes depends on the repository alone, and a dead connection ends. */
const settings = [
  "core.autocrlf=false",
  "core.eol=lf",
  "core.symlinks=true",
  "core.hooksPath=/dev/null",
  "advice.detachedHead=false",
  "maintenance.auto=false",
  "gc.auto=0",
  "http.lowSpeedLimit=1",
  "http.lowSpeedTime=60",
].flatMap((setting) => ["-c", setting]);

/** Variables that tie git to the repository that we may be run from, as in a hook. */
const ties = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

/**
 * Runs git and gives what it prints. `task` says for errors what it is run for ("fetch 26.03 of …"). Throws a
 * ProblemError: `release/no-git`, `release/fetch-failed`.
 */
export async function runGit(args: readonly string[], task: string): Promise<string> {
  try {
    const { stdout } = await execute("git", [...settings, ...args], {
      env: gitEnvironment(),
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    throw gitProblem(error, task);
  }
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes -o ConnectTimeout=30",
    ...process.env,
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
  for (const name of ties) delete environment[name];
  return environment;
}

function gitProblem(error: unknown, task: string): ProblemError {
  const { code, stderr } = error as { code?: unknown; stderr?: string };
  if (code === "ENOENT") {
    return new ProblemError(
      {
        code: "release/no-git",
        message: `the git program is needed to ${task}, and there is none`,
        next: "install git, or vendor the release where there is one (slipway vendor)",
      },
      { cause: error },
    );
  }
  const said = (stderr ?? "").split("\n").filter((line) => line.trim() !== "");
  const reason = said.find((line) => /^(fatal|error):/.test(line)) ?? said.at(-1);
  // The cause is left out: it holds the command line, and with it an address that may hold a password.
  return new ProblemError({
    code: "release/fetch-failed",
    message: `can't ${task}${reason ? `: ${withoutPassword(reason)}` : ""}`,
    next: "check the address, the credentials and the network, or name a mirror: spec.release.mirrors",
  });
}

/** An address may carry a user's password or token; of one by ssh the user's name stays. */
export function withoutPassword(text: string): string {
  return text
    .replace(/ssh:\/\/([^/@:\s]*):[^/@\s]*@/g, "ssh://$1@")
    .replace(/(https?|file|git):\/\/[^/@\s]*@/g, "$1://");
}

// The entry of the command line: help and version at once, everything else through its command's module.
import { commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { topLevelHelp } from "./help.ts";
import { processShell, type Shell } from "./shell.ts";

/** Runs the process's own arguments and sets its exit code. */
export async function main(): Promise<void> {
  const shell = processShell();
  leaveQuietlyOnClosedPipe();
  await run(process.argv.slice(2), shell);
  process.exitCode = shell.exitCode;
}

/** Runs one command line. Failures are rendered here; `shell.exitCode` holds the outcome. */
export async function run(args: readonly string[], shell: Shell): Promise<void> {
  const [first] = args;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    const topic = first === "help" ? args[1] : undefined;
    if (!commands.some(({ name }) => name === topic)) return shell.stdout.write(topLevelHelp());
    return run([topic ?? "", "--help"], shell);
  }
  if (first === "--version" || first === "-V") {
    const { renderVersion } = await import("./version.ts");
    return shell.stdout.write(renderVersion(args.slice(1)));
  }
  const { runCommand } = await import("./run-command.ts");
  await runCommand(args, shell);
}

/**
 * `slipway build | head` ends well as soon as head has enough. A full disk behind standard output is told; who
 * closes standard error while something is deployed gets no success.
 */
function leaveQuietlyOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    const code = `system/${error.code?.toLowerCase()}`;
    process.stderr.write(`error: standard output: ${error.message} [${code}]\n`);
    process.exit(exitCodes.failed);
  });
  process.stderr.on("error", () => process.exit(exitCodes.failed));
}

import { editDistance } from "@slipway/kubernetes/objects";
import { type Problem, ProblemError } from "@slipway/yaml";
import { Command, CommanderError } from "commander";
import { commands } from "./commands.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { type ColorChoice, paintFor } from "./output/paint.ts";
import { problemJson, renderProblem } from "./output/render-problem.ts";
import { toProblem } from "./output/to-problem.ts";
import type { Shell } from "./shell.ts";

/** Loads the module of the command that the arguments name, runs it, and renders what it throws. */
export async function runCommand(args: readonly string[], shell: Shell): Promise<void> {
  try {
    const entry = commands.find(({ name }) => name === args[0]);
    if (!entry) throw unknownCommand(args[0] ?? "");
    const command = new Command(`slipway ${entry.name}`);
    command.description(entry.summary);
    const examples = entry.examples.map((line) => `  ${line}\n`).join("");
    command.addHelpText("before", `Examples:\n${examples}`);
    const module = await entry.load();
    module.configure(command, shell);
    for (const each of [command, ...command.commands]) quiet(each, shell);
    await command.parseAsync(args.slice(1), { from: "user" });
  } catch (error) {
    report(error, args, shell);
  }
}

/** Commander neither prints errors nor ends the process by itself; its help goes to our stdout. */
function quiet(command: Command, shell: Shell): void {
  command.exitOverride();
  command.showSuggestionAfterError();
  command.configureOutput({
    writeOut: (text) => shell.stdout.write(text),
    writeErr: () => {},
    getOutHelpWidth: () => (shell.stdout.isTerminal ? shell.stdout.columns : 110),
  });
}

function report(error: unknown, args: readonly string[], shell: Shell): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  const problem = error instanceof CommanderError ? usageProblem(error, args) : toProblem(error);
  const fixed = commands.find(({ name }) => name === args[0])?.failsWith;
  shell.exitCode = fixed ?? exitCodeOf(problem);
  if (flagValue(args, "-o", "--output") === "json") {
    shell.stdout.write(problemJson(problem, shell.exitCode));
    return;
  }
  const color = flagValue(args, "--color") as ColorChoice | undefined;
  shell.stderr.write(renderProblem(problem, paintFor(shell.stderr, shell, color)));
  if (args.includes("--debug") && error instanceof Error) shell.stderr.write(`${stackOf(error)}\n`);
}

function usageProblem(error: CommanderError, args: readonly string[]): Problem {
  const [message = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const hint = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  const help = `slipway ${args[0]} --help lists what it takes`;
  return { code: "usage/arguments", message, next: hint ? `${hint} (${help})` : help };
}

function unknownCommand(name: string): ProblemError {
  const near = commands
    .map((command) => ({ name: command.name, distance: editDistance(name, command.name) }))
    .sort((x, y) => x.distance - y.distance)
    .find(({ distance }) => distance <= 2)?.name;
  const isFlag = name.startsWith("-");
  return new ProblemError({
    code: "usage/unknown-command",
    message: isFlag ? `the first word must be a command, not ${name}` : `there is no command "${name}"`,
    next: near ? `did you mean slipway ${near}?` : "slipway --help lists the commands",
  });
}

/** The value of a flag, read from the bare arguments: they may not have been parsed when something fails. */
function flagValue(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [at, word] of args.entries()) {
    if (names.includes(word)) return args[at + 1];
    const name = names.find((candidate) => word.startsWith(`${candidate}=`));
    if (name) return word.slice(name.length + 1);
  }
  return undefined;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}

import { type Command, InvalidArgumentError, Option } from "commander";

/** Flags that say what is to be built; every command that builds has them. */
export interface InputFlags {
  readonly release?: string;
  readonly remotes?: string;
  readonly file?: string;
  readonly starter?: boolean;
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
}

/** Flags that say how to print; every command has them. */
export interface OutputFlags {
  readonly output?: string;
  readonly verbose?: boolean;
  readonly color?: "auto" | "always" | "never";
}

export function addInputFlags(command: Command): void {
  command
    .option("--release <name>", "a release: its folder, or as slipway.lock has it a version or ADDRESS#REF")
    .option("--remotes <dir>", "take remote references from this folder and fetch nothing")
    .option("-f, --file <path>", "slipway.yaml (default: the one in this folder, else the starter platform)")
    .option("--starter", "the small platform that comes with Slipway")
    .option("--add <component>", "a component on top of the chosen ones (repeatable)", collect)
    .option("--drop <component>", "a component to leave out (repeatable)", collect);
}

/** Whether what matches nothing is an error. */
export interface StrictFlag {
  readonly strict?: boolean;
}

export function addStrictFlag(command: Command): void {
  command.option("--strict", "a patch, selector, image or replacement that matches nothing is an error");
}

/** `formats` are what `-o` takes; the first is the default. */
export function addOutputFlags(command: Command, formats: readonly string[]): void {
  command.addOption(
    new Option("-o, --output <format>", "how to print").choices([...formats]).default(formats[0]),
  );
  addPrintingFlags(command);
}

/** The same without `-o`, for a command whose `-o` takes more than formats. */
export function addPrintingFlags(command: Command): void {
  command
    .option("-v, --verbose", "say more")
    .addOption(
      new Option("--color <when>", "colours on standard error and output").choices([
        "auto",
        "always",
        "never",
      ]),
    )
    .addOption(new Option("--debug", "print the stack of an error").hideHelp());
}

/** Flags of commands that talk to a cluster. */
export interface ClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly realTime?: boolean;
  readonly seed?: number;
  readonly timeModel?: string;
}

/** `withoutContext` says what becomes of a command that names no context. */
export function addClusterFlags(
  command: Command,
  withoutContext = "without one the embedded cluster is used",
): void {
  command
    .option("--context <name>", `a context of the kubeconfig; ${withoutContext}`)
    .option("--kubeconfig <path>", "the kubeconfig (default: $KUBECONFIG, else ~/.kube/config)");
}

/** Flags that only the embedded cluster heeds. */
export function addEmbeddedFlags(command: Command): void {
  command
    .option("--real-time", "embedded cluster: real time instead of a clock that jumps when everything waits")
    .option("--seed <number>", "embedded cluster: the same seed gives the same run", wholeNumber)
    .option(
      "--time-model <file>",
      "embedded cluster: how long pods take (slipway cluster calibrate measures it)",
    );
}

/** A flag's number; anything else is a usage error. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`"${text}" is no whole number.`);
  return Number(text);
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(",").filter((part) => part !== "")];
}

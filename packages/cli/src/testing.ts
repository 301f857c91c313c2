// A shell without a process, for this package's tests.
import type { Output, Shell } from "./shell.ts";

/** Remembers what was written. */
export interface RecordedOutput extends Output {
  text: string;
}

/** A shell whose streams can be read and whose Ctrl-C can be pressed. */
export interface FakeShell extends Shell {
  readonly stdout: RecordedOutput;
  readonly stderr: RecordedOutput;
  time: number;
}

export function fakeShell(
  options: {
    readonly terminal?: boolean;
    readonly environment?: Record<string, string>;
    readonly directory?: string;
  } = {},
): FakeShell {
  const output = (): RecordedOutput => ({
    text: "",
    write(text) {
      this.text += typeof text === "string" ? text : new TextDecoder().decode(text);
    },
    isTerminal: options.terminal ?? false,
    columns: 80,
    rows: 24,
  });
  return {
    stdout: output(),
    stderr: output(),
    environment: options.environment ?? {},
    directory: options.directory ?? ".",
    onInterrupt: () => () => {},
    time: 0,
    now() {
      return this.time;
    },
    exitCode: 0,
  };
}

import type { ExitCode } from "./exit-codes.ts";

/** A stream that text goes to, as a string or in UTF-8. */
export interface Output {
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  /** Size in characters; read anew for each frame, since windows are resized. */
  readonly columns: number;
  readonly rows: number;
}

/** All that a command touches of the process that it runs in. */
export interface Shell {
  /** Data only. */
  readonly stdout: Output;
  /** Everything else: progress, warnings, errors. */
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  /** Calls back on every Ctrl-C until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
  /** Milliseconds of real time, for drawing. */
  now(): number;
  /** What the process ends with. */
  exitCode: ExitCode;
}

/** The shell of this process. */
export function processShell(): Shell {
  return {
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    environment: process.env,
    directory: process.cwd(),
    onInterrupt(callback) {
      process.on("SIGINT", callback);
      process.on("SIGTERM", callback);
      return () => {
        process.off("SIGINT", callback);
        process.off("SIGTERM", callback);
      };
    },
    now: () => Date.now(),
    exitCode: 0,
  };
}

function outputTo(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    get isTerminal() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
  };
}

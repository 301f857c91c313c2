// What `slipway up -o json` prints.
/** An event as far as these tests read it. */
export interface PrintedEvent {
  readonly type: string;
  readonly run?: string;
  readonly outcome?: string;
  readonly nodes?: readonly { readonly name: string }[];
  readonly summary?: {
    readonly counts: Readonly<Record<string, number>>;
    readonly refused: number;
    readonly retries: number;
  };
}

/** The JSON lines that `-o json` printed. */
export function eventsOf(stdout: string): PrintedEvent[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

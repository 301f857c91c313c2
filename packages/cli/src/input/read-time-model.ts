import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TimeModel } from "@slipway/rehearsal";
import { ProblemError } from "@slipway/yaml";
import type { Shell } from "../shell.ts";

/** The time model of a file, or the built-in one when no file is named. */
export async function readTimeModel(file: string | undefined, shell: Shell): Promise<TimeModel> {
  const { defaultTimeModel, parseTimeModel } = await import("@slipway/rehearsal");
  if (file === undefined) return defaultTimeModel;
  let text: string;
  try {
    text = readFileSync(resolve(shell.directory, file), "utf8");
  } catch (cause) {
    throw new ProblemError(
      {
        code: "time-model/unreadable",
        message: `the time model ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        next: "slipway cluster calibrate --context NAME -o FILE writes one",
      },
      { cause },
    );
  }
  return parseTimeModel(text, file);
}

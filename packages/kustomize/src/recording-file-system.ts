// Notes what a build asked of a file system and what it was told, so that it can be seen later whether anything
// that the build depends on has changed: files, and places where files were looked for in vain.
import { hash } from "node:crypto";
import type { FileSystem } from "./file-system.ts";

/** Questions with their answers: contents as digests, failures by their messages. */
export type Answers = ReadonlyMap<string, string>;

/** A file system that notes questions. Each is put to the real one again only to compare. */
export interface RecordingFileSystem extends FileSystem {
  /** What an action asks, beside its result; recordings may lie within one another. */
  record<T>(action: () => T): { readonly result: T; readonly answers: Answers };
  /** Counts questions as asked that an earlier build has asked. */
  replay(answers: Answers): void;
  /** True when every question would be answered as it was; each is put once in this file system's life. */
  holds(answers: Answers): boolean;
}

const ask = {
  file: (base: FileSystem, path: string) => digest(base.readFile(path)),
  kind: (base: FileSystem, path: string) => base.kind(path) ?? "nothing",
  path: (base: FileSystem, path: string) => base.realPath(path),
} as const;

/** Records on top of a file system, which is taken not to change between the first question and the last. */
export function recordingFileSystem(base: FileSystem): RecordingFileSystem {
  const current = new Map<string, string>();
  const stack: Map<string, string>[] = [];
  const note = (question: string, answer: string) => {
    current.set(question, answer);
    stack.at(-1)?.set(question, answer);
  };
  /** Passes an answer on and notes it, or the failure. */
  const noting = <T>(question: string, get: () => T, textOf: (value: T) => string): T => {
    try {
      const value = get();
      note(question, textOf(value));
      return value;
    } catch (error) {
      note(question, failureText(error));
      throw error;
    }
  };
  const replay = (answers: Answers) => {
    const open = stack.at(-1);
    if (open) for (const [question, answer] of answers) open.set(question, answer);
  };
  return {
    readFile: (path) => noting(`file ${path}`, () => base.readFile(path), digest),
    kind: (path) =>
      noting(
        `kind ${path}`,
        () => base.kind(path),
        (kind) => kind ?? "nothing",
      ),
    realPath: (path) =>
      noting(
        `path ${path}`,
        () => base.realPath(path),
        (real) => real,
      ),
    record: (action) => {
      const answers = new Map<string, string>();
      stack.push(answers);
      try {
        return { result: action(), answers };
      } finally {
        stack.pop();
        replay(answers);
      }
    },
    replay,
    holds: (answers) => {
      for (const [question, answer] of answers) {
        let now = current.get(question);
        if (now === undefined) {
          now = answerNow(base, question);
          current.set(question, now);
        }
        if (now !== answer) return false;
      }
      return true;
    },
  };
}

function answerNow(base: FileSystem, question: string): string {
  const space = question.indexOf(" ");
  try {
    return ask[question.slice(0, space) as keyof typeof ask](base, question.slice(space + 1));
  } catch (error) {
    return failureText(error);
  }
}

function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64");
}

function failureText(error: unknown): string {
  return `! ${error instanceof Error ? error.message : String(error)}`;
}

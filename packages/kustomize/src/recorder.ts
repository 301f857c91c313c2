// Notes what a build asked of its input and what it was told, so that it can be seen later whether anything that
// the build depends on has changed: files, places where files were looked for in vain, copies of remote references.
import { sha256 } from "#runtime";
import type { FileSystem } from "./file-system.ts";
import type { Remotes } from "./remotes.ts";

/** What a build reads from. */
export interface Reads {
  readonly fileSystem: FileSystem;
  readonly remotes?: Remotes | undefined;
}

/** Questions with their answers: contents as digests, failures by their messages. */
export type Answers = ReadonlyMap<string, string>;

/** Input that notes questions. It is taken not to change between the first question and the last. */
export interface Recorder extends Reads {
  /** All that was asked up to now. */
  readonly asked: Answers;
  /** What an action asks, beside its result; recordings may lie within one another. */
  record<T>(action: () => T): { readonly result: T; readonly answers: Answers };
  /** Counts questions as asked that an earlier build has asked. */
  replay(answers: Answers): void;
  /** True when every question would be answered as it was; each is put once in a recorder's life. */
  holds(answers: Answers): boolean;
}

const nothing = "nothing";

/** Each sort of question, put anew. */
const ask: Readonly<Record<string, (reads: Reads, subject: string) => string>> = {
  file: ({ fileSystem }, path) => sha256(fileSystem.readFile(path)),
  kind: ({ fileSystem }, path) => fileSystem.kind(path) ?? nothing,
  path: ({ fileSystem }, path) => fileSystem.realPath(path),
  copy: ({ remotes }, url) => remotes?.file(url) ?? nothing,
  repository: ({ remotes }, remote) => remotes?.repository(JSON.parse(remote)) ?? nothing,
};

/** Records on top of what a build reads from. */
export function createRecorder(base: Reads): Recorder {
  const { fileSystem, remotes } = base;
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
  const orNothing = (answer: string | undefined) => answer ?? nothing;
  const replay = (answers: Answers) => {
    const open = stack.at(-1);
    if (open) for (const [question, answer] of answers) open.set(question, answer);
  };
  return {
    asked: current,
    fileSystem: {
      readFile: (path) => noting(`file ${path}`, () => fileSystem.readFile(path), sha256),
      kind: (path) => noting(`kind ${path}`, () => fileSystem.kind(path), orNothing),
      realPath: (path) => noting(`path ${path}`, () => fileSystem.realPath(path), String),
    },
    remotes: remotes && {
      ...remotes,
      file: (url) => noting(`copy ${url}`, () => remotes.file(url), orNothing),
      repository: (remote) =>
        noting(`repository ${JSON.stringify(remote)}`, () => remotes.repository(remote), orNothing),
    },
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

function answerNow(reads: Reads, question: string): string {
  const space = question.indexOf(" ");
  try {
    return ask[question.slice(0, space)]?.(reads, question.slice(space + 1)) ?? nothing;
  } catch (error) {
    return failureText(error);
  }
}

/** The paths that questions are about. */
export function pathsOf(answers: Answers): string[] {
  return [...answers.keys()]
    .filter((question) => /^(file|kind|path) /.test(question))
    .map((question) => question.slice(5));
}

function failureText(error: unknown): string {
  return `! ${error instanceof Error ? error.message : String(error)}`;
}

import { type Problem, ProblemError } from "@slipway/yaml";

/** What the system's own error codes mean for a person. */
const systemErrors: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  EMFILE: "too many open files",
  EADDRINUSE: "the port is in use",
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder, not a file",
  ENOTDIR: "it is a file, not a folder",
};

/** Any thrown value as a problem. What nobody foresaw is `internal/unexpected`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (!(error instanceof Error)) return { code: "internal/unexpected", message: String(error) };
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : systemErrors[code];
  if (known) {
    const where = path ? `${path}: ` : "";
    return {
      code: `system/${code?.toLowerCase()}`,
      message: `${where}${known}${syscall ? ` (${syscall})` : ""}`,
      ...(code === "ENOSPC" ? { next: "free some space and run it again" } : {}),
    };
  }
  return {
    code: "internal/unexpected",
    message: error.message || error.name,
    next: "run it again with --debug to see where, and report it",
  };
}

import type { Problem } from "@slipway/yaml";

/** The exit codes of every command, as sysexits.h names them where it has a name. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  findings: 2,
  upToDate: 3,
  usage: 64,
  badInput: 65,
  unreachable: 69,
  timedOut: 75,
  refused: 77,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each code tells, for the help and the documentation. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, "done"],
  [exitCodes.failed, "failed: something did not become ready, or the machine did not let us (a full disk)"],
  [exitCodes.findings, "findings or pending changes, only where --exit-code or --check asks for it"],
  [exitCodes.upToDate, "nothing to do: no release is newer (vendor --if-newer)"],
  [exitCodes.usage, "usage: an unknown command, flag or object name"],
  [exitCodes.badInput, "bad input: slipway.yaml, a release or a kustomization is wrong"],
  [exitCodes.unreachable, "the cluster can't be reached, or is none that is supported"],
  [exitCodes.timedOut, "timed out, or another run is under way; running it again is safe"],
  [exitCodes.refused, "the cluster refuses the credentials or the rights"],
  [exitCodes.interrupted, "interrupted by Ctrl-C"],
];

const byCode: readonly (readonly [RegExp, ExitCode])[] = [
  [/^usage\/|^kubernetes\/(object-name|unknown-kind|unknown-object|ambiguous-object)$/, exitCodes.usage],
  [/^cluster\/(unauthorized|forbidden|credentials)$/, exitCodes.refused],
  [/^cluster\/(kubeconfig|no-kubeconfig|unknown-context)$/, exitCodes.badInput],
  [/^cluster\//, exitCodes.unreachable],
  [/timeout|timed-out|^deploy\/locked$|^system\/claimed$/, exitCodes.timedOut],
  [/^(deploy|internal|journal|system|release\/(fetch-failed|no-git))(\/|$)/, exitCodes.failed],
];

/** The exit code of a problem: whatever is not of the cluster or the machine is bad input. */
export function exitCodeOf(problem: Problem): ExitCode {
  return byCode.find(([pattern]) => pattern.test(problem.code))?.[1] ?? exitCodes.badInput;
}

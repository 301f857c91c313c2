// The kustomize that ours is compared with.
import { goProgram } from "../../support/go-program.ts";

/** The release of kustomize whose output ours equals. */
export const kustomizeVersion = "v5.8.1";

/**
 * The path of real kustomize: KUSTOMIZE when it is given, else one built with Go (half a minute with empty Go
 * caches) and kept in the user's cache folder.
 * @throws when Go is missing or the build fails, with Go's own output
 */
export function realKustomize(log: (line: string) => void = () => {}): string {
  const kustomize = {
    name: "kustomize",
    package: "sigs.k8s.io/kustomize/kustomize/v5",
    version: kustomizeVersion,
  };
  return process.env.KUSTOMIZE ?? goProgram(kustomize, log);
}

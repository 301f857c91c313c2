import { type Problem, ProblemError } from "@slipway/yaml";

/**
 * Makes an error of the warnings about patches, selectors, images and replacements that match nothing; of
 * several, one that names the place of each. Throws `kustomize/no-match`.
 */
export function refuseUnmatched(warnings: readonly Problem[]): void {
  const unmatched = warnings.filter(({ code }) => code === "kustomize/no-match");
  const [first] = unmatched;
  if (!first) return;
  const next = "Correct or remove what matches nothing, or build without strict.";
  if (unmatched.length === 1) throw new ProblemError({ ...first, next: first.next ?? next });
  throw new ProblemError({
    ...first,
    message: `${unmatched.length} patches, images or replacements match nothing; the first: ${first.message}`,
    related: unmatched
      .slice(1)
      .map(({ message, position }) => ({ message, ...(position ? { position } : {}) })),
    next,
  });
}

// Names of releases: `26.03`, `v1.11.0`, and candidates such as `26.03-rc.1`.

/** A release's name, taken apart. */
export interface Version {
  readonly name: string;
  readonly numbers: readonly number[];
  /** The number of the candidate; null for a stable release. */
  readonly candidate: number | null;
}

/** Reads a name; undefined when it is no release's. */
export function parseVersion(name: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-rc\.?(\d+))?$/.exec(name);
  if (!match) return undefined;
  const [, major, minor, patch = "0", candidate] = match;
  return {
    name,
    numbers: [major, minor, patch].map(Number),
    candidate: candidate === undefined ? null : Number(candidate),
  };
}

/** Older first; a candidate comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return (a.candidate ?? Number.POSITIVE_INFINITY) === (b.candidate ?? Number.POSITIVE_INFINITY)
    ? 0
    : (a.candidate ?? Number.POSITIVE_INFINITY) - (b.candidate ?? Number.POSITIVE_INFINITY);
}

import type { Problem } from "@slipway/yaml";

/**
 * One sentence for each deprecated field that a build met, with how often and where first; most frequent first.
 * A place that several kustomizations lead to counts once. `nameFile` turns a source file into what is shown.
 */
export function summarizeDeprecations(
  warnings: readonly Problem[],
  nameFile: (file: string) => string,
): readonly string[] {
  const byMessage = new Map<string, Set<string>>();
  for (const { code, message, position } of warnings) {
    if (code !== "kustomize/deprecated" || !position) continue;
    const places = byMessage.get(message) ?? new Set();
    byMessage.set(message, places.add(`${nameFile(position.file)}:${position.line}`));
  }
  const groups = [...byMessage].map(([message, places]) => ({ message, places: [...places] }));
  groups.sort((left, right) => right.places.length - left.places.length);
  return groups.map(({ message, places: [first, ...others] }) => {
    const where = others.length === 0 ? first : `${others.length + 1} times, first at ${first}`;
    return `${message.replace(/\.$/, "")} (${where})`;
  });
}

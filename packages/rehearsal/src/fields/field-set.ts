// Sets of field paths, as a trie: the paths that end here, and what lies below. Sets are values: every operation
// returns a new one and shares what did not change (structured-merge-diff, fieldpath.Set).

/** Paths below one place. An element may be a member and have paths below it as well. */
export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** No path at all. */
export const emptyFieldSet: FieldSet = { members: new Set(), children: new Map() };

/** True when no path is in the set. */
export function isEmptyFieldSet(set: FieldSet): boolean {
  return set.members.size === 0 && set.children.size === 0;
}

/** The set of the given paths. */
export function fieldSetOf(paths: readonly (readonly string[])[]): FieldSet {
  const set = new FieldSetBuilder();
  for (const path of paths) set.insert(path);
  return set.build();
}

/** Paths of either set. */
export function unionFieldSets(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptyFieldSet(a)) return b;
  if (isEmptyFieldSet(b)) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const other = children.get(element);
    children.set(element, other ? unionFieldSets(other, child) : child);
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

/** Paths of `a` that are not in `b`; a path below one of `b` stays. */
export function subtractFieldSet(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptyFieldSet(b) || isEmptyFieldSet(a)) return a;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const rest = other ? subtractFieldSet(child, other) : child;
    if (!isEmptyFieldSet(rest)) children.set(element, rest);
  }
  return { members: without(a.members, b.members), children };
}

/** Paths of `a` that are neither in `b` nor below a path of `b`. */
export function subtractFieldSetDeep(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptyFieldSet(b) || isEmptyFieldSet(a)) return a;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    if (b.members.has(element)) continue;
    const other = b.children.get(element);
    const rest = other ? subtractFieldSetDeep(child, other) : child;
    if (!isEmptyFieldSet(rest)) children.set(element, rest);
  }
  return { members: without(a.members, b.members), children };
}

/** Paths of both sets. */
export function intersectFieldSets(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const both = other && intersectFieldSets(child, other);
    if (both && !isEmptyFieldSet(both)) children.set(element, both);
  }
  return { members: new Set([...a.members].filter((element) => b.members.has(element))), children };
}

/** Every path of the set. */
export function listPaths(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const paths: string[][] = [];
  for (const element of set.members) paths.push([...prefix, element]);
  for (const [element, child] of set.children) paths.push(...listPaths(child, [...prefix, element]));
  return paths;
}

function without(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return b.size === 0 ? a : new Set([...a].filter((element) => !b.has(element)));
}

/** Collects paths one by one. */
export class FieldSetBuilder {
  readonly #members = new Set<string>();
  readonly #children = new Map<string, FieldSetBuilder>();

  insert(path: readonly string[]): void {
    let place: FieldSetBuilder = this;
    for (let i = 0; i < path.length - 1; i++) place = place.#child(path[i] as string);
    const last = path.at(-1);
    if (last !== undefined) place.#members.add(last);
  }

  build(): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [element, child] of this.#children) children.set(element, child.build());
    return { members: this.#members, children };
  }

  #child(element: string): FieldSetBuilder {
    let child = this.#children.get(element);
    if (!child) {
      child = new FieldSetBuilder();
      this.#children.set(element, child);
    }
    return child;
  }
}

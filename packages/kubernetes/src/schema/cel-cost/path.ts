// Where in an object an expression's value is found.

/**
 * The names that lead to a value, first the variable's. It grows as a slice of Go grows: what is appended to one of two
 * paths that share their room overwrites what was appended to the other. The real estimator keeps such paths for later,
 * and so looks some sizes up in the wrong place; what it refuses depends on it.
 */
export interface Path {
  readonly room: (string | undefined)[];
  readonly length: number;
}

/** The path of what has none, as it is made by the expression. */
export const noPath: Path = { room: [], length: 0 };

/** The path of a variable. */
export function pathOf(variable: string): Path {
  return { room: [variable], length: 1 };
}

/** The path of a part: a field's name, `@items`, `@keys` or `@values`. */
export function append({ room, length }: Path, step: string): Path {
  if (length < room.length) {
    room[length] = step;
    return { room, length: length + 1 };
  }
  const larger: (string | undefined)[] = new Array(Math.max(1, length * 2));
  for (const [index, name] of room.entries()) larger[index] = name;
  larger[length] = step;
  return { room: larger, length: length + 1 };
}

/** Its names. */
export function stepsOf({ room, length }: Path): string[] {
  return room.slice(0, length).map((name) => name ?? "");
}

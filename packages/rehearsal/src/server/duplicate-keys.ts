/**
 * The keys that a JSON text gives more than once in one map, as paths (`data.k`); `JSON.parse` keeps the last value
 * of each without a word. The text is taken to be valid JSON.
 */
export function findDuplicateKeys(text: string): string[] {
  const found: string[] = [];
  // One entry per open bracket: the keys of a map so far, or the index in a list.
  const open: { keys: Set<string> | undefined; step: string; index: number }[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    const inner = open.at(-1);
    switch (text[at]) {
      case "{":
        open.push({ keys: new Set(), step: "", index: 0 });
        expectsKey = true;
        break;
      case "[":
        open.push({ keys: undefined, step: "[0]", index: 0 });
        expectsKey = false;
        break;
      case "}":
      case "]":
        open.pop();
        expectsKey = false;
        break;
      case ",":
        expectsKey = inner?.keys !== undefined;
        if (inner && !inner.keys) inner.step = `[${++inner.index}]`;
        break;
      case '"': {
        const end = endOfText(text, at);
        if (expectsKey && inner?.keys) {
          const key: string = JSON.parse(text.slice(at, end + 1));
          inner.step = key;
          if (inner.keys.has(key)) found.push(pathOf(open));
          inner.keys.add(key);
          expectsKey = false;
        }
        at = end;
        break;
      }
    }
  }
  return found;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

function pathOf(open: readonly { readonly step: string }[]): string {
  return open.reduce(
    (path, { step }) => (path === "" || step.startsWith("[") ? path + step : `${path}.${step}`),
    "",
  );
}

// Why Go's regular expression compiler refuses a pattern (Go's regexp/syntax, RE2).

/**
 * The compiler's words for a pattern that it does not take, undefined for one that it takes. What RE2 leaves out
 * (looking around, references back) is told as it tells it; rarer faults have the words of JavaScript's compiler.
 */
export function patternFault(pattern: string): string | undefined {
  const foreign = unsupported(pattern);
  if (foreign) return foreign;
  try {
    new RegExp(pattern.replace(/^\(\?[imsU]+\)/, ""), "u");
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return inGoWords(pattern, text) ?? text;
  }
}

/** Escapes and classes of characters are skipped: what stands there means itself. */
const parts = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!])|./gs;

function unsupported(pattern: string): string | undefined {
  for (const [part] of pattern.matchAll(parts)) {
    if (/^\(\?<?[=!]/.test(part)) return fault("invalid or unsupported Perl syntax", part);
    if (/^\\[1-9]$/.test(part)) return fault("invalid escape sequence", part);
  }
  return undefined;
}

function inGoWords(pattern: string, text: string): string | undefined {
  if (text.endsWith("Unterminated group")) return fault("missing closing )", pattern);
  if (text.endsWith("Unmatched ')'")) return fault("unexpected )", pattern);
  if (text.endsWith("\\ at end of pattern")) return fault("trailing backslash at end of expression", "");
  if (text.endsWith("Unterminated character class")) {
    const open = [...pattern.matchAll(parts)].find(([part]) => part === "[");
    return open ? fault("missing closing ]", pattern.slice(open.index)) : undefined;
  }
  if (text.endsWith("Nothing to repeat")) {
    const nested = /(?<!\\)[*+?]{2,}/.exec(pattern)?.[0];
    if (nested && !/^[*+?]|[(|][*+?]/.test(pattern)) {
      return fault("invalid nested repetition operator", nested);
    }
    const operator = /^[*+?]|(?<=[(|])[*+?]/.exec(pattern)?.[0];
    return operator ? fault("missing argument to repetition operator", operator) : undefined;
  }
  return undefined;
}

function fault(what: string, where: string): string {
  return `error parsing regexp: ${what}: \`${where}\``;
}

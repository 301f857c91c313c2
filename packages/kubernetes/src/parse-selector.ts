// Label selectors in the API's query notation (k8s.io/apimachinery/pkg/labels).
import type { Requirement } from "./selector.ts";

/** A word, a symbol (`=`, `!=`, `(`, …) or the end, which is "". */
interface Token {
  readonly text: string;
  readonly kind: "word" | "symbol" | "end";
}

const pattern = /\s*(?:(==|!=|[=<>!(),])|([^\s=<>!(),]+))/gy;
const operators: Readonly<Record<string, Requirement["operator"]>> = {
  in: "In",
  notin: "NotIn",
  "=": "In",
  "==": "In",
  "!=": "NotIn",
  ">": "Gt",
  "<": "Lt",
};

/**
 * Parses `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`.
 * @throws Error in the API server's words, which name what was found and what was expected
 */
export function parseSelector(text: string): Requirement[] {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { text: "", kind: "end" };
  const take = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const found = (token: Token, expected: string) => new Error(`found '${token.text}', expected: ${expected}`);
  const isSymbol = (token: Token, symbol: string) => token.kind === "symbol" && token.text === symbol;

  function requirement(): Requirement {
    const negated = isSymbol(peek(), "!");
    if (negated) take();
    const key = take();
    if (key.kind !== "word") throw found(key, "identifier");
    if (peek().kind === "end" || isSymbol(peek(), ",")) {
      return { key: key.text, operator: negated ? "DoesNotExist" : "Exists", values: [] };
    }
    const operator = take();
    const meaning = operators[operator.text];
    if (!meaning) throw found(operator, "in, notin, =, ==, !=, gt, lt");
    const values = operator.kind === "word" ? list() : [single()];
    return { key: key.text, operator: meaning, values };
  }

  /** `(a,b,)`: what is left out between commas is the empty value. */
  function list(): string[] {
    const open = take();
    if (!isSymbol(open, "(")) throw new Error(`found '${open.text}' expected: '('`);
    const first = peek();
    if (first.kind === "end" || (first.kind === "symbol" && first.text !== "," && first.text !== ")")) {
      throw found(first, "',', ')' or identifier");
    }
    const values = [""];
    for (;;) {
      const token = take();
      if (isSymbol(token, ")")) return [...new Set(values)];
      if (isSymbol(token, ",")) values.push("");
      else if (token.kind !== "word") throw found(token, "',', or identifier");
      else {
        values[values.length - 1] = token.text;
        const next = peek();
        if (!isSymbol(next, ",") && !isSymbol(next, ")")) throw found(next, "',' or ')'");
      }
    }
  }

  function single(): string {
    if (peek().kind === "end" || isSymbol(peek(), ",")) return "";
    const value = take();
    if (value.kind !== "word") throw found(value, "identifier");
    return value.text;
  }

  const requirements: Requirement[] = [];
  while (peek().kind !== "end") {
    const next = peek();
    if (next.kind !== "word" && !isSymbol(next, "!")) {
      throw found(next, "!, identifier, or 'end of string'");
    }
    try {
      requirements.push(requirement());
    } catch (error) {
      throw new Error(`unable to parse requirement: ${(error as Error).message}`, { cause: error });
    }
    const end = take();
    if (end.kind === "end") break;
    if (!isSymbol(end, ",")) throw found(end, "',' or 'end of string'");
    if (peek().kind !== "word" && !isSymbol(peek(), "!")) throw found(peek(), "identifier after ','");
  }
  return requirements;
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(pattern)].map(([, symbol, word]) =>
    symbol === undefined ? { text: word ?? "", kind: "word" } : { text: symbol, kind: "symbol" },
  );
}

// Reads an expression into a tree (cel-go parser, of which the words of its syntax errors are ANTLR's).
import { type Entry, type Expression, type Item, type MessageField, qualifiedName } from "./expression.ts";
import type { Issue } from "./issue.ts";
import { expandMacro } from "./macros.ts";
import { type Token, tokenize } from "./tokens.ts";

/** The tree, or what keeps the text from being an expression. */
export type Parsed = { readonly root: Expression } | { readonly issues: readonly Issue[] };

/** Thrown for what is not looked into. */
export class NotModelled extends Error {}

class SyntaxIssue extends Error {
  readonly issue: Issue;
  constructor(token: Token, text: string) {
    super(text);
    this.issue = { offset: token.offset, text: `Syntax error: ${text}` };
  }
}

/** Reads an expression. */
export function parse(expression: string): Parsed {
  const { tokens, issues } = tokenize(expression);
  try {
    const root = new Parser(tokens, issues).whole();
    return issues.length > 0 ? { issues } : { root };
  } catch (error) {
    if (error instanceof SyntaxIssue) return { issues: [...issues, error.issue] };
    throw error;
  }
}

const starts = ["'['", "'{'", "'('", "'.'", "'-'", "'!'", "'true'", "'false'", "'null'"];
const literals = ["NUM_FLOAT", "NUM_INT", "NUM_UINT", "STRING", "BYTES", "IDENTIFIER"];
const levels = [["||"], ["&&"], ["<", "<=", ">=", ">", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]];
const words = new Set(["true", "false", "null", "in"]);

const noViable = "no viable alternative at input";

class Parser {
  readonly tokens: readonly Token[];
  /** Takes what is wrong with macros, after which reading goes on. */
  readonly issues: Issue[];
  at = 0;

  constructor(tokens: readonly Token[], issues: Issue[]) {
    this.tokens = tokens;
    this.issues = issues;
  }

  get token(): Token {
    return this.tokens[this.at] as Token;
  }

  get following(): Token {
    return this.tokens[this.at + 1] ?? this.token;
  }

  whole(): Expression {
    const root = this.expression();
    if (this.token.kind === "end") return root;
    const word = this.following.kind === "end" ? "extraneous" : "mismatched";
    throw new SyntaxIssue(this.token, `${word} input '${this.token.text}' expecting <EOF>`);
  }

  expression(closing = ""): Expression {
    const condition = this.binary(0, closing);
    if (!this.is("?")) return condition;
    const { offset } = this.next();
    const yes = this.binary(0);
    if (!this.is(":")) throw this.mismatched("':'");
    this.next();
    const no = this.expression();
    return { kind: "call", name: "_?_:_", target: undefined, parameters: [condition, yes, no], offset };
  }

  binary(level: number, closing = ""): Expression {
    const operators = levels[level];
    if (!operators) return this.unary(closing);
    let left = this.binary(level + 1, closing);
    while (operators.some((operator) => this.is(operator))) {
      const { text, offset } = this.next();
      const right = this.binary(level + 1);
      const name = text === "in" ? "@in" : `_${text}_`;
      left = { kind: "call", name, target: undefined, parameters: [left, right], offset };
    }
    return left;
  }

  /** After one of the operators of one operand comes none of the other, but the sign of a number. */
  refuseOther(operator: string): void {
    const { token, following } = this;
    if (operator === "-" && this.is("!")) throw new SyntaxIssue(token, `${noViable} '-!'`);
    const isSign = following.kind === "int" || following.kind === "float";
    if (operator === "!" && this.is("-") && !isSign) {
      throw new SyntaxIssue(following, `${noViable} '-${following.text}'`);
    }
  }

  unary(closing: string): Expression {
    if (!this.is("!") && !this.is("-")) return this.member(closing);
    const { text, offset } = this.next();
    const isNumber = text === "-" && (this.token.kind === "int" || this.token.kind === "float");
    this.refuseOther(text);
    // Twice is not at all.
    if (!isNumber && this.is(text)) {
      this.next();
      return this.unary("");
    }
    const operand = this.unary("");
    if (isNumber && operand.kind === "literal") return { ...operand, text: `-${operand.text}`, offset };
    return { kind: "call", name: `${text}_`, target: undefined, parameters: [operand], offset };
  }

  member(closing: string): Expression {
    let result = this.primary(closing);
    for (;;) {
      if (this.is(".")) result = this.dotted(result);
      else if (this.is("[")) {
        const { offset } = this.next();
        const optional = this.is("?");
        if (optional) this.next();
        const index = this.expression();
        this.close("]");
        const name = optional ? "_[?_]" : "_[_]";
        result = { kind: "call", name, target: undefined, parameters: [result, index], offset };
      } else {
        const name = this.is("{") ? qualifiedName(result) : undefined;
        if (name === undefined) return result;
        result = this.message(name);
      }
    }
  }

  /** `Type.name{field: value}`, read from its bracket on. */
  message(name: string): Expression {
    const { offset } = this.next();
    const fields = this.listed("}", (): MessageField => {
      if (this.token.kind !== "identifier") throw this.mismatched("IDENTIFIER");
      const { text } = this.next();
      if (!this.is(":")) throw this.mismatched("':'");
      const colon = this.next();
      return { name: text.replaceAll("`", ""), value: this.expression(), offset: colon.offset };
    });
    return { kind: "message", name, fields, offset };
  }

  dotted(operand: Expression): Expression {
    const dot = this.next();
    const optional = this.is("?");
    if (optional) this.next();
    if (this.token.kind !== "identifier") {
      const last = this.tokens[this.at - 1] as Token;
      const input = this.token.kind === "end" ? "" : this.token.text;
      throw new SyntaxIssue(this.token, `no viable alternative at input '${last.text}${input}'`);
    }
    const name = this.next().text.replaceAll("`", "");
    if (optional || !this.is("(")) {
      return { kind: "select", operand, field: name, optional, offset: dot.offset };
    }
    const { offset } = this.token;
    return this.call(name, operand, offset);
  }

  /** A call, or what a macro makes of it. */
  call(name: string, target: Expression | undefined, offset: number): Expression {
    const call = { kind: "call", name, target, parameters: this.parameters(), offset } as const;
    const expanded = expandMacro(call);
    if (!expanded) return call;
    if ("kind" in expanded) return expanded;
    this.issues.push(expanded);
    return call;
  }

  primary(closing: string): Expression {
    const { kind, text, offset } = this.token;
    if (kind === "identifier") return this.named();
    if (kind === "int" || kind === "uint") return this.literal(kind);
    if (kind === "float") return this.literal("double");
    if (kind === "string" || kind === "bytes") return this.literal(kind);
    if (text === "(" && kind === "symbol") {
      this.next();
      const inner = this.expression();
      this.close(")");
      return inner;
    }
    if (text === "[") {
      this.next();
      const items = this.listed("]", (optional): Item => ({ value: this.expression("]"), optional }));
      return { kind: "list", items, offset };
    }
    if (text === "{") {
      this.next();
      const entries = this.listed("}", (optional): Entry => {
        const key = this.expression("}");
        if (!this.is(":")) throw this.mismatched("':'");
        this.next();
        return { key, value: this.expression(), optional };
      });
      return { kind: "map", entries, offset };
    }
    if (text === "." && this.following.kind === "identifier") {
      this.next();
      return this.named();
    }
    const set = closing === ")" ? [...starts.slice(0, 3), "')'", ...starts.slice(3)] : starts;
    const expected = `{${[...set, ...literals].join(", ")}}`;
    const { following } = this;
    const begins = following.kind !== "symbol" ? following.kind !== "end" : /^[[{(.!-]/.test(following.text);
    const word = begins && kind !== "end" ? "extraneous" : "mismatched";
    throw new SyntaxIssue(this.token, `${word} input '${text}' expecting ${expected}`);
  }

  named(): Expression {
    const { text, offset } = this.next();
    if (text === "true" || text === "false") return { kind: "literal", type: "bool", text, offset };
    if (text === "null") return { kind: "literal", type: "null", text, offset };
    if (text === "in") throw new SyntaxIssue({ kind: "symbol", text, offset }, `mismatched input 'in'`);
    if (!this.is("(")) return { kind: "identifier", name: text, offset };
    return this.call(text, undefined, this.token.offset);
  }

  parameters(): Expression[] {
    this.next();
    return this.listed(")", () => this.expression(")"));
  }

  listed<T>(end: string, read: (optional: boolean) => T): T[] {
    const items: T[] = [];
    while (!this.is(end)) {
      const optional = end !== ")" && this.is("?");
      if (optional) this.next();
      items.push(read(optional));
      if (this.is(",")) this.next();
      else if (!this.is(end)) {
        // What is left open at the end of all is closed, of brackets around arguments.
        if (end === ")" && this.token.kind === "end") this.close(end);
        throw this.mismatched(end === ")" ? "{')', ','}" : end === "]" ? "{']', ','}" : "{'}', ','}");
      }
    }
    this.next();
    return items;
  }

  literal(type: "int" | "uint" | "double" | "string" | "bytes"): Expression {
    const { text, offset } = this.next();
    // Bytes have no characters that could be named by their code.
    const isOpen = type === "bytes" && !/^(?:[bB][rR]|[rR][bB])/.test(text);
    if (isOpen && /^(?:[^\\]|\\[^uU])*\\[uU]/.test(text)) {
      this.issues.push({ offset, text: "unable to unescape string" });
    }
    return { kind: "literal", type, text, offset };
  }

  close(bracket: string): void {
    if (this.is(bracket)) this.next();
    else if (bracket === ")") throw new SyntaxIssue(this.token, `missing ')' at '${this.token.text}'`);
    else throw this.mismatched(`'${bracket}'`);
  }

  mismatched(expected: string): SyntaxIssue {
    return new SyntaxIssue(this.token, `mismatched input '${this.token.text}' expecting ${expected}`);
  }

  is(text: string): boolean {
    const { kind } = this.token;
    return this.token.text === text && (kind === "symbol" || (kind === "identifier" && words.has(text)));
  }

  next(): Token {
    const { token } = this;
    if (this.at < this.tokens.length - 1) this.at++;
    return token;
  }
}

// Other names of a subject (RFC 5280 4.2.1.6), as Go's crypto/x509 reads them. Leaves out most of what its net/url says
// of URIs.
import { DerError, readDer } from "./der.ts";

/** What is wrong with the value of the extension, in Go's words. */
export function alternativeNamesProblem(value: Buffer): string | undefined {
  const names = splitValues(value, (first) => first === 0x30)?.[0]?.content;
  if (!names) return "x509: invalid subject alternative names";
  for (let rest = names; rest.length > 0; ) {
    const [name] = splitValues(rest, () => true) ?? [];
    if (!name) return "x509: invalid subject alternative name";
    const problem = nameProblem(rest[0] ?? 0, name.content);
    if (problem !== undefined) return problem;
    rest = rest.subarray(name.size);
  }
  return undefined;
}

/** The first value in the bytes, in short tags only. */
function splitValues(
  bytes: Buffer,
  fits: (first: number) => boolean,
): [{ readonly content: Buffer; readonly size: number }] | undefined {
  const first = bytes[0];
  if (first === undefined || !fits(first) || (first & 0x1f) === 0x1f) return undefined;
  try {
    const { value } = readDer(bytes, { kind: "raw" });
    return [{ content: value.content, size: value.full.length }];
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

const texts: Readonly<Record<number, string>> = {
  129: "rfc822Name",
  130: "dNSName",
  134: "uniformResourceIdentifier",
};

function nameProblem(tag: number, content: Buffer): string | undefined {
  const kind = texts[tag];
  if (kind !== undefined && content.some((byte) => byte > 127)) return `x509: SAN ${kind} is malformed`;
  if (tag === 134) return uriProblem(content.toString("latin1"));
  if (tag !== 135 || content.length === 4 || content.length === 16) return undefined;
  return `x509: cannot parse IP address of length ${content.length}`;
}

function uriProblem(uri: string): string | undefined {
  const refused = (detail: string) => `x509: cannot parse URI ${JSON.stringify(uri)}: ${detail}`;
  const parse = (detail: string) => refused(`parse ${JSON.stringify(uri)}: ${detail}`);
  if ([...uri].some((character) => character < " " || character === "\x7f")) {
    return parse("net/url: invalid control character in URL");
  }
  const host = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(uri)?.[1] ?? "";
  const strange = /[ "<>\\^`{|}]/.exec(host)?.[0];
  if (strange !== undefined && strange !== '"' && strange !== "<" && strange !== ">") {
    return parse(`invalid character ${JSON.stringify(strange)} in host name`);
  }
  return host !== "" && host.split(".").includes("") ? refused("invalid domain") : undefined;
}

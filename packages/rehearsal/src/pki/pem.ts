// Blocks of PEM as Go's encoding/pem finds them.

/** A block: the words after BEGIN, what it holds, and whether lines with a colon stand before that. */
export interface PemBlock {
  readonly type: string;
  readonly data: Buffer;
  readonly hasHeaders: boolean;
}

/** A block whose BEGIN is the last one before its END; each in a line of its own. */
const block =
  /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n((?:(?!(?<=\n)-----BEGIN )[\s\S])*?)(?:^|(?<=\n))-----END \1-----[ \t\r]*(?=\n|$)/g;
const header = /^[^\n:]*:[^\n]*\n/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The first block of a text that is one; what is no base64 is none. Undefined where there is no block. */
export function findPemBlock(text: string): PemBlock | undefined {
  for (const [, type = "", body = ""] of text.matchAll(block)) {
    let rest = body;
    while (header.test(rest)) rest = rest.replace(header, "");
    const encoded = rest.replace(/[ \t\r\n]/g, "");
    if (base64.test(encoded)) {
      return { type, data: Buffer.from(encoded, "base64"), hasHeaders: rest !== body };
    }
  }
  return undefined;
}

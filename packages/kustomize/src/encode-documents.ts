// Documents as one text in UTF-8.

export const documentSeparator = "---\n";

/**
 * Documents in UTF-8, separated as kustomize does, written one after the other into the bytes: a string of them all
 * would take two bytes a character as soon as a single one is not Latin, beside the bytes that it then becomes.
 */
export function encodeDocuments(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const units = texts.reduce((sum, text) => sum + text.length + documentSeparator.length, 0);
  let bytes = new Uint8Array(units);
  let length = 0;
  const append = (text: string) => {
    let read = 0;
    while (read < text.length) {
      const step = encoder.encodeInto(read === 0 ? text : text.slice(read), bytes.subarray(length));
      read += step.read;
      length += step.written;
      if (read < text.length) bytes = enlarged(bytes, length);
    }
  };
  texts.forEach((text, index) => {
    if (index > 0) append(documentSeparator);
    append(text);
  });
  return bytes.subarray(0, length);
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.ceil(bytes.length * 1.1) + 64);
  larger.set(bytes.subarray(0, length));
  return larger;
}

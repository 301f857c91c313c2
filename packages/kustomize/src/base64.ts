// Bytes as base64.

/** As many bytes as a call takes arguments, in threes so that pieces can be put together. */
const pieceBytes = 3 * 4096;

/** Base64 with padding (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + pieceBytes)));
  }
  return text;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { documentSeparator, encodeDocuments } from "./encode-documents.ts";

test("documents are encoded as the joined text would be, whatever characters they hold", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const joined = new TextEncoder().encode(texts.join(documentSeparator));
      assert.deepEqual(encodeDocuments(texts), joined);
    }),
  );
});

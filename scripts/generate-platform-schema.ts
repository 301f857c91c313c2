// Writes the JSON Schema of slipway.yaml beside its package (`node scripts/generate-platform-schema.ts`).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { platformJsonSchema } from "../packages/platform/src/file/schema.ts";

const target = join(import.meta.dirname, "../packages/platform/slipway.schema.json");
writeFileSync(target, `${JSON.stringify(platformJsonSchema(), null, 2)}\n`);

import type { JsonObject } from "@slipway/yaml";
import { fillMap, mapAt } from "./hook.ts";

/** `stringData` is a way to write `data`: encoded into it, winning over it, never stored. */
export function convertSecretData(secret: JsonObject): void {
  const text = mapAt(secret, "stringData");
  if (!text) return;
  const data = fillMap(secret, "data");
  for (const [key, value] of Object.entries(text)) data[key] = Buffer.from(String(value)).toString("base64");
  delete secret.stringData;
}

// How the configuration objects of plugins are read: numbers count as text, unknown keys are ignored.
import { type Decoded, type Decoder, looseText, record } from "../decode.ts";

const object = { apiVersion: looseText, kind: looseText };

/** The metadata of a configuration object. */
export const metadata = record({ name: looseText, namespace: looseText }, "ignore");

/** A decoder for a configuration object with the given fields. */
export function pluginConfig<F extends Readonly<Record<string, Decoder<unknown>>>>(
  fields: F,
): Decoder<Decoded<typeof object & F>> {
  return record({ ...object, ...fields }, "ignore");
}

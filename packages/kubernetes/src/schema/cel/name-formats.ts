import { type Environment, Optional } from "@marcbachmann/cel-js";
import { matchesFormat } from "../formats.ts";

/** A named format of the Kubernetes CEL library. */
class CelFormat {
  readonly validate: (text: string) => string | undefined;

  constructor(validate: (text: string) => string | undefined) {
    this.validate = validate;
  }
}

class FormatNamespace {}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualified = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  dns1123Label: (text) => text.length <= 63 && label.test(text),
  dns1123Subdomain: (text) => matchesFormat(text, "k8s-long-name"),
  dns1035Label: (text) => text.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text),
  qualifiedName: (text) => qualified.test(text),
  labelValue: (text) => labelValue.test(text),
  dns1123LabelPrefix: (text) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*)?$/.test(text),
  dns1123SubdomainPrefix: (text) => text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*)?$/.test(text),
  dns1035LabelPrefix: (text) => text.length <= 63 && /^[a-z]([-a-z0-9]*)?$/.test(text),
  uri: (text) => matchesFormat(text, "uri"),
  uuid: (text) => matchesFormat(text, "uuid"),
  byte: (text) => matchesFormat(text, "byte"),
  date: (text) => matchesFormat(text, "date"),
  datetime: (text) => matchesFormat(text, "date-time"),
};

/** `format.dns1123Label().validate(x)` and its like (apiserver cel/library/format.go). */
export function registerNameFormats(env: Environment): void {
  env.registerType("kubernetes.NamedFormat", CelFormat).registerType("FormatNamespace", FormatNamespace);
  env.registerConstant("format", "FormatNamespace", new FormatNamespace());
  const formats = new Map<string, CelFormat>();
  for (const [name, check] of Object.entries(checks)) {
    const format = new CelFormat((text) => (check(text) ? undefined : `must be a valid ${name}`));
    formats.set(name, format);
    env.registerFunction(`FormatNamespace.${name}(): kubernetes.NamedFormat`, () => format);
  }
  env.registerFunction("FormatNamespace.named(string): optional", (_: unknown, name: string) => {
    const format = formats.get(name);
    return format ? Optional.of(format) : Optional.none();
  });
  env.registerFunction(
    "kubernetes.NamedFormat.validate(string): optional",
    (format: CelFormat, text: string) => {
      const problem = format.validate(text);
      return problem === undefined ? Optional.none() : Optional.of([problem]);
    },
  );
}

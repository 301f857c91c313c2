// Who a container is on Windows (kubernetes pkg/apis/core/validation validateWindowsSecurityContextOptions).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { invalidValue } from "../../field-error.ts";
import { checkDnsSubdomain, invalidText } from "../names.ts";

const longestSpec = 64 * 1024;
const longestDomain = 255;
const longestUser = 104;
const netBios = /^[^\\/:*?|"<>.][^\\/:*?|"<>]{0,14}$/;
const domainName =
  /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** Checks the `windowsOptions` of a security context at `path`. */
export function validateWindowsOptions(context: JsonObject, path: string): FieldError[] {
  const options = context.windowsOptions;
  if (!isJsonObject(options)) return [];
  const at = `${path}.windowsOptions`;
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  const errors: FieldError[] = [];
  if (typeof name === "string") {
    errors.push(...invalidText(`${at}.gmsaCredentialSpecName`, name, checkDnsSubdomain));
  }
  const refuse = (detail: string) => errors.push(invalidValue(`${at}.gmsaCredentialSpec`, spec, detail));
  if (spec === "") refuse("gmsaCredentialSpec cannot be an empty string");
  else if (typeof spec === "string" && spec.length > longestSpec) {
    refuse("gmsaCredentialSpec size must be under 64 KiB");
  }
  if (typeof user !== "string") return errors;
  return [...errors, ...whyNoUser(user).map((detail) => invalidValue(`${at}.runAsUserName`, user, detail))];
}

function whyNoUser(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const user = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? parts[0] : undefined;
  const details: string[] = [];
  if ((domain ?? "").length > longestDomain) {
    details.push(`runAsUserName's Domain length must be under ${longestDomain + 1} characters`);
  }
  if (domain !== undefined && !netBios.test(domain) && !domainName.test(domain)) {
    details.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === "") details.push("runAsUserName's User cannot be empty");
  else if (user.length > longestUser) {
    details.push(`runAsUserName's User length must not be longer than ${longestUser} characters`);
  }
  if (/^[. ]+$/.test(user)) details.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    const characters = String.raw`"/\:;|=,+*?<>@[]`;
    details.push(`runAsUserName's User cannot contain the following characters: ${characters}`);
  }
  return details;
}

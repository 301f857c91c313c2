// How pods look up names, and what they are called (kubernetes pkg/apis/core/validation validatePodDNSConfig,
// ValidateHostAliases and validatePodHostName).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, stringAt, textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, tooLong } from "../../field-error.ts";
import { checkDnsSubdomain, invalidText, type TextCheck } from "../names.ts";
import { validateAddress } from "../network/addresses.ts";

const LONGEST_HOSTNAME = 64;
const MOST_SERVERS = 3;
const MOST_SEARCHES = 32;
const MOST_SEARCH_CHARACTERS = 2048;

/** Checks `dnsConfig` of a pod's spec at `path`. */
export function validateDnsConfig(spec: JsonObject, path: string): FieldError[] {
  const config = objectAt(spec, "dnsConfig");
  const at = `${path}.dnsConfig`;
  const servers = textsAt(config, "nameservers");
  if (spec.dnsPolicy === "None") {
    if (!isJsonObject(spec.dnsConfig)) {
      return [requiredValue(at, "must provide `dnsConfig` when `dnsPolicy` is None")];
    }
    const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
    if (servers.length === 0) return [requiredValue(`${at}.nameservers`, detail)];
  }
  const errors: FieldError[] = [];
  if (servers.length > MOST_SERVERS) {
    const detail = `must not have more than ${MOST_SERVERS} nameservers`;
    errors.push(invalidValue(`${at}.nameservers`, servers, detail));
  }
  errors.push(...servers.flatMap((server, index) => validateAddress(server, `${at}.nameservers[${index}]`)));
  const searches = textsAt(config, "searches");
  if (searches.length > MOST_SEARCHES) {
    const detail = `must not have more than ${MOST_SEARCHES} search paths`;
    errors.push(invalidValue(`${at}.searches`, searches, detail));
  }
  if (searches.join(" ").length > MOST_SEARCH_CHARACTERS) {
    const detail = `must not have more than ${MOST_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    errors.push(invalidValue(`${at}.searches`, searches, detail));
  }
  for (const [index, search] of searches.entries()) {
    if (search === ".") continue;
    errors.push(...invalidText(`${at}.searches[${index}]`, search.replace(/\.$/, ""), checkSearch));
  }
  for (const [index, { name }] of objectsAt(config, "options").entries()) {
    if (!name) errors.push(requiredValue(`${at}.options[${index}]`, "must not be empty"));
  }
  return errors;
}

const label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const domain = `${label}(\\.${label})*`;
const domainOnly = new RegExp(`^${domain}$`);

/** Names of domains to search may hold underscores. */
const checkSearch: TextCheck = (search) => [
  ...(search.length > 253 ? ["must be no more than 253 bytes"] : []),
  ...(domainOnly.test(search)
    ? []
    : [
        `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${domain}')`,
      ]),
];

/** Checks the entries of a pod's hosts file. */
export function validateHostAliases(spec: JsonObject, path: string): FieldError[] {
  return objectsAt(spec, "hostAliases").flatMap((alias, index) => {
    const at = `${path}.hostAliases[${index}]`;
    return [
      ...validateAddress(String(alias.ip ?? ""), `${at}.ip`),
      ...textsAt(alias, "hostnames").flatMap((name, number) =>
        invalidText(`${at}.hostnames[${number}]`, name, checkDnsSubdomain),
      ),
    ];
  });
}

/** Checks the name that the host of a pod is to have instead of its own; `path` is the pod's spec. */
export function validateHostnameOverride(spec: JsonObject, path: string): FieldError[] {
  const name = stringAt(spec, "hostnameOverride");
  if (name === undefined) return [];
  const field = `${path}.hostnameOverride`;
  const clashes = ["setHostnameAsFQDN", "hostNetwork"].filter((other) => spec[other] === true);
  return [
    ...clashes.map((other) => forbiddenValue(field, `may not be specified when ${other} is true`)),
    ...(name.length > LONGEST_HOSTNAME ? [tooLong(field, LONGEST_HOSTNAME)] : []),
    ...invalidText(field, name, checkDnsSubdomain),
  ];
}

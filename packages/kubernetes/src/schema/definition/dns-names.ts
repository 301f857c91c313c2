// Names as apimachinery checks them (pkg/util/validation).

const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Why a text is no DNS-1035 label, in the server's words; empty when it is one. */
export function dnsLabelFaults(value: string): string[] {
  return faults(value, 63, label, labelText);
}

/** Why a text is no DNS-1123 subdomain, in the server's words; empty when it is one. */
export function dnsSubdomainFaults(value: string): string[] {
  return faults(value, 253, subdomain, subdomainText);
}

/** True for a text that has a DNS-1123 subdomain's characters in their places, however long it is. */
export function hasDnsSubdomainForm(value: string): boolean {
  return subdomain.test(value);
}

function faults(value: string, longest: number, form: RegExp, text: string): string[] {
  return [
    ...(Buffer.byteLength(value) > longest ? [`must be no more than ${longest} characters`] : []),
    ...(form.test(value) ? [] : [text]),
  ];
}

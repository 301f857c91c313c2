import type { Environment } from "@marcbachmann/cel-js";

/** An IP address as a number of 32 or 128 bits. */
class CelIp {
  readonly family: 4n | 6n;
  readonly bits: bigint;

  constructor(family: 4n | 6n, bits: bigint) {
    this.family = family;
    this.bits = bits;
  }

  toString(): string {
    if (this.family === 4n) return bytesOf(this.bits, 4).join(".");
    const groups = Array.from({ length: 8 }, (_, index) => (this.bits >> BigInt(112 - index * 16)) & 0xffffn);
    return compressGroups(groups.map((group) => group.toString(16)));
  }
}

/** An address with the length of its network's prefix. */
class CelCidr {
  readonly ip: CelIp;
  readonly prefix: number;

  constructor(ip: CelIp, prefix: number) {
    this.ip = ip;
    this.prefix = prefix;
  }

  get size(): number {
    return this.ip.family === 4n ? 32 : 128;
  }

  network(bits: bigint): bigint {
    return bits >> BigInt(this.size - this.prefix);
  }

  contains(ip: CelIp): boolean {
    return ip.family === this.ip.family && this.network(ip.bits) === this.network(this.ip.bits);
  }

  masked(): CelCidr {
    const host = BigInt(this.size - this.prefix);
    return new CelCidr(new CelIp(this.ip.family, (this.ip.bits >> host) << host), this.prefix);
  }

  toString(): string {
    return `${this.ip}/${this.prefix}`;
  }
}

class IpNamespace {}

/** `ip`, `cidr` and what can be asked of them (apiserver cel/library/ip.go and cidr.go). */
export function registerNetwork(env: Environment): void {
  env.registerType("net.IP", CelIp).registerType("net.CIDR", CelCidr);
  for (const type of ["net.IP", "net.CIDR"]) {
    env.registerOperator(`${type} == ${type}`, (a: unknown, b: unknown) => String(a) === String(b));
  }
  env.registerFunction("ip(string): net.IP", parseIp);
  env.registerType("IpNamespace", IpNamespace);
  env.registerConstant("ip", "IpNamespace", new IpNamespace());
  env.registerFunction(
    "IpNamespace.isCanonical(string): bool",
    (_: unknown, text: string) => String(parseIp(text)) === text,
  );
  env.registerFunction("isIP(string): bool", (text: string) => succeeds(() => parseIp(text)));
  env.registerFunction("cidr(string): net.CIDR", parseCidr);
  env.registerFunction("isCIDR(string): bool", (text: string) => succeeds(() => parseCidr(text)));
  env.registerFunction("string(net.IP): string", String);
  env.registerFunction("string(net.CIDR): string", String);
  env.registerFunction("net.IP.family(): int", (ip: CelIp) => ip.family);
  env.registerFunction("net.IP.isUnspecified(): bool", (ip: CelIp) => ip.bits === 0n);
  env.registerFunction("net.IP.isLoopback(): bool", (ip: CelIp) => inAny(ip, ["127.0.0.0/8", "::1/128"]));
  env.registerFunction("net.IP.isLinkLocalMulticast(): bool", (ip: CelIp) =>
    inAny(ip, ["224.0.0.0/24", "ff02::/16"]),
  );
  env.registerFunction("net.IP.isLinkLocalUnicast(): bool", (ip: CelIp) =>
    inAny(ip, ["169.254.0.0/16", "fe80::/10"]),
  );
  env.registerFunction("net.IP.isGlobalUnicast(): bool", (ip: CelIp) => {
    const others = ["255.255.255.255/32", "0.0.0.0/32", "::/128", "127.0.0.0/8", "::1/128"];
    return !inAny(ip, [...others, "224.0.0.0/4", "ff00::/8", "169.254.0.0/16", "fe80::/10"]);
  });
  env.registerFunction("net.CIDR.containsIP(net.IP): bool", (cidr: CelCidr, ip: CelIp) => cidr.contains(ip));
  env.registerFunction("net.CIDR.containsIP(string): bool", (cidr: CelCidr, text: string) =>
    cidr.contains(parseIp(text)),
  );
  const containsCidr = (cidr: CelCidr, other: CelCidr) =>
    other.prefix >= cidr.prefix && cidr.contains(other.masked().ip);
  env.registerFunction("net.CIDR.containsCIDR(net.CIDR): bool", containsCidr);
  env.registerFunction("net.CIDR.containsCIDR(string): bool", (cidr: CelCidr, text: string) =>
    containsCidr(cidr, parseCidr(text)),
  );
  env.registerFunction("net.CIDR.ip(): net.IP", (cidr: CelCidr) => cidr.ip);
  env.registerFunction("net.CIDR.masked(): net.CIDR", (cidr: CelCidr) => cidr.masked());
  env.registerFunction("net.CIDR.prefixLength(): int", (cidr: CelCidr) => BigInt(cidr.prefix));
}

function parseIp(text: string): CelIp {
  const bits = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  if (bits === undefined) {
    const shown = JSON.stringify(text);
    throw new Error(
      `IP Address ${shown} parse error during conversion from string: ParseAddr(${shown}): unable to parse IP`,
    );
  }
  return new CelIp(text.includes(":") ? 6n : 4n, bits);
}

function parseIpv4(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  if (parts.some((part) => part > 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array(tail === undefined ? 0 : missing).fill("0"), ...right];
  if (!groups.every((group: string) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((bits: bigint, group: string) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function parseCidr(text: string): CelCidr {
  const [address = "", prefix = "", ...more] = text.split("/");
  const fail = () => new Error(`network address parse error during conversion from string: ${text}`);
  if (more.length > 0 || !/^\d{1,3}$/.test(prefix)) throw fail();
  const cidr = new CelCidr(parseIp(address), Number(prefix));
  if (cidr.prefix > cidr.size) throw fail();
  return cidr;
}

function inAny(ip: CelIp, networks: readonly string[]): boolean {
  return networks.some((network) => parseCidr(network).contains(ip));
}

function bytesOf(bits: bigint, count: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Number((bits >> BigInt((count - 1 - index) * 8)) & 0xffn),
  );
}

function compressGroups(groups: string[]): string {
  const runs = [...groups.join(":").matchAll(/(?:^|:)(0(?::0)+)(?=:|$)/g)].map((match) => match[1] as string);
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (!longest) return groups.join(":");
  const text = `:${groups.join(":")}:`.replace(`:${longest}:`, "::");
  return text.startsWith("::")
    ? text.replace(/:$/, text === "::" ? ":" : "")
    : text.slice(1).replace(/([^:]):$/, "$1");
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

// Addresses for pods, out of the range of their node.
import type { Node } from "../controllers/kinds/cluster.ts";
import type { Pod } from "../controllers/kinds/pod.ts";
import type { Cache } from "../controllers/runtime/cache.ts";

/** Hands out the addresses of nodes' pod ranges, one after the other, without those that pods have. */
export function createAddresses(pods: Cache<Pod>): { next(node: Node): string } {
  const counters = new Map<string, number>();
  return {
    next(node) {
      const { name } = node.metadata;
      const taken = new Set(pods.onNode(name).map((pod) => pod.status?.podIP));
      const cidr = typeof node.spec?.podCIDR === "string" ? node.spec.podCIDR : "10.244.0.0/20";
      const { base, size } = parseRange(cidr);
      let number = counters.get(name) ?? 1;
      let address = "";
      do {
        number = (number + 1) % size || 1;
        address = formatAddress(base + number);
      } while (taken.has(address));
      counters.set(name, number);
      return address;
    },
  };
}

function parseRange(cidr: string): { base: number; size: number } {
  const [address = "", bits = "24"] = cidr.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, size: 2 ** (32 - Number(bits)) };
}

function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

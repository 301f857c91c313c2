// Resource quantities as numbers, precise enough to add up requests.
import { parseQuantity } from "@slipway/kubernetes";

/** The value of a quantity (`250m` is 0.25, `1Gi` is 1073741824); 0 where there is none. */
export function quantityOf(text: string | number | undefined): number {
  return text === undefined ? 0 : (parseQuantity(text) ?? 0);
}

/** A quantity as people write it: bytes in the largest binary unit that divides them, parts in thousandths. */
export function formatQuantity(name: string, value: number): string {
  if (/memory|storage/.test(name)) {
    const units = ["Ti", "Gi", "Mi", "Ki"];
    for (const [index, unit] of units.entries()) {
      const size = 2 ** (10 * (units.length - index));
      if (value > 0 && value % size === 0) return `${value / size}${unit}`;
    }
  }
  return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
}

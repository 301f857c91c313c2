const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A resource quantity (`100m`, `1.5Gi`, `2e3`) in base units: cores, bytes, pieces. The grammar is
 * k8s.io/apimachinery/pkg/api/resource.Quantity's. `undefined` for text that is none.
 */
export function parseQuantity(text: string | number): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|(n|u|m|k|[MGTPE]|[KMGTPE]i))?$/.exec(
    String(text),
  );
  if (!match) return undefined;
  const factor = match[2] === undefined ? factors[match[3] ?? ""] : 10 ** Number(match[2]);
  return Number(match[1]) * (factor ?? 1);
}

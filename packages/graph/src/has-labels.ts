type Labels = Readonly<Record<string, string>>;

/** True when `labels` has every pair of `wanted`. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}

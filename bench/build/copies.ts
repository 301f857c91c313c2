import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "@slipway/kustomize";
import { cloneNode, getPath, printNode } from "@slipway/yaml";

/** Kinds whose names a prefix leaves alone. */
const unprefixed = new Set(["CustomResourceDefinition", "Namespace", "APIService"]);

/**
 * Writes the objects of a directory's build `count` times as trees of kustomizations that can stand side by side: a
 * base with a file for each object, over it an overlay with a prefix, labels and an image, so that references are
 * followed in each copy. Gives the directory that lists them all.
 */
export function writeCopies(directory: string, folder: string, count: number): string {
  const { resources } = build(directory, { loadRestrictor: "none" });
  const all = join(folder, `copies-${count}`);
  const names = Array.from({ length: count }, (_, index) => `copy-${index + 1}`);
  for (const name of names) {
    const base = join(all, name, "base");
    mkdirSync(base, { recursive: true });
    const files = resources.map(({ object, root }, index) => {
      const copy = cloneNode(root);
      const ownName = getPath(copy, "metadata", "name");
      if (ownName && unprefixed.has(String(object.kind))) ownName.text = `${ownName.text}-${name}`;
      writeFileSync(join(base, `${index}.yaml`), printNode(copy));
      return `- ${index}.yaml\n`;
    });
    writeFileSync(join(base, "kustomization.yaml"), `resources:\n${files.join("")}`);
    const overlay = `namePrefix: ${name}-\nresources: [base]\nlabels: [{pairs: {copy: ${name}}}]\nimages: [{name: mysql, newTag: "8"}]\n`;
    writeFileSync(join(all, name, "kustomization.yaml"), overlay);
  }
  writeFileSync(join(all, "kustomization.yaml"), `resources: [${names.join(", ")}]\n`);
  return all;
}

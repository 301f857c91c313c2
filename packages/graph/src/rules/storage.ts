import { textAt } from "../fields.ts";
import { edge, type Rule } from "./rule.ts";

/** A claim is bound by its class, when that is in the set. */
export const storageRule: Rule = ({ set, add }) => {
  for (const claim of set.ofKind("", "PersistentVolumeClaim")) {
    const name = textAt(claim.object, "spec", "storageClassName");
    const storageClass = name && set.find({ group: "storage.k8s.io", kind: "StorageClass", name });
    if (!storageClass) continue;
    add(
      edge(claim, storageClass, {
        kind: "hard",
        until: "exists",
        rule: "storage-class",
        reason: `spec.storageClassName is ${name}`,
      }),
    );
  }
};

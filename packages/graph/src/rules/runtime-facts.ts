import { formatIdentity } from "@slipway/kubernetes/objects";
import { edge, type Rule } from "./rule.ts";

/**
 * Work that only goes on once something else is ready. It gets there by itself, and its images are pulled
 * meanwhile: so it is written after that other thing, but does not wait until it is ready.
 */
export const orderingRule: Rule = ({ set, add }) => {
  for (const ordering of set.facts.orderings ?? []) {
    for (const to of set.matching(ordering.to)) {
      for (const from of set.matching(ordering.from)) {
        if (from === to) continue;
        add(
          edge(from, to, {
            kind: "soft",
            until: "exists",
            rule: "start-up",
            reason: `it does its work only when ${formatIdentity(to.id)} is ready: ${ordering.because}`,
            ...(ordering.reconciles ? { reconciles: true } : {}),
          }),
        );
      }
    }
  }
};

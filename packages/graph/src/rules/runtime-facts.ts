import { formatIdentity } from "@slipway/kubernetes";
import { edge, type Rule } from "./rule.ts";

/** Work that only goes on once something else is ready: better in order, but it gets there by itself. */
export const orderingRule: Rule = ({ set, add }) => {
  for (const ordering of set.facts.orderings ?? []) {
    for (const to of set.matching(ordering.to)) {
      for (const from of set.matching(ordering.from)) {
        if (from === to) continue;
        add(
          edge(from, to, {
            kind: "soft",
            until: "ready",
            rule: "start-up",
            reason: `it does its work only when ${formatIdentity(to.id)} is ready: ${ordering.because}`,
          }),
        );
      }
    }
  }
};

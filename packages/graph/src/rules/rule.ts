import type { ObjectIdentity } from "@slipway/kubernetes/objects";
import type { CreatedNode, ObjectNode, ObjectSet } from "../object-set.ts";
import type { EdgeCondition, EdgeKind, GraphEdge, MissingReference } from "../types.ts";

/** What a rule is given: the set, and where its findings go. */
export interface RuleContext {
  readonly set: ObjectSet;
  add(edge: GraphEdge): void;
  miss(reference: MissingReference): void;
  /** The object of the set, or the thing that a controller of the set makes, with this identity. */
  resolve(id: ObjectIdentity): ObjectNode | CreatedNode | undefined;
}

/** One family of edges. */
export type Rule = (context: RuleContext) => void;

/** Fills in an edge from its ends. */
export function edge(
  from: { readonly key: string },
  to: { readonly key: string },
  how: {
    readonly kind: EdgeKind;
    readonly until: EdgeCondition;
    readonly rule: string;
    readonly reason: string;
    readonly reconciles?: true;
  },
): GraphEdge {
  return { from: from.key, to: to.key, ...how };
}

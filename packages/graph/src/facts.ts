/** Names objects of the set; what is left out matches anything. */
export interface ObjectPattern {
  readonly kind: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** A workload of the set creates an object that no file holds and that pods mount. */
export interface Producer {
  readonly by: ObjectPattern;
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** Absent: it is created in every namespace. */
  readonly namespace?: string;
}

/** Pods that a mutating webhook admits are changed so that they need more than their template says. */
export interface Injection {
  /** The name of the MutatingWebhookConfiguration. */
  readonly configuration: string;
  /** Pods with this annotation pass the webhook unchanged. */
  readonly unless?: { readonly annotation: string; readonly value: string };
  /** What must be ready before such a pod is created. */
  readonly waitsFor: readonly ObjectPattern[];
  /** What is mounted from the pod's own namespace. */
  readonly mounts: readonly { readonly kind: "ConfigMap" | "Secret"; readonly name: string }[];
}

/** For each such custom resource a controller makes a namespace and pods in it, so webhooks admit those too. */
export interface TenantMaker {
  readonly of: ObjectPattern;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly podLabels?: Readonly<Record<string, string>>;
}

/** One thing does its work only when the other is there; without it, it crashes and is started again, or waits. */
export interface Ordering {
  readonly from: ObjectPattern;
  readonly to: ObjectPattern;
  /** A clause that continues "… because": "its API server opens the database while it starts". */
  readonly because: string;
  /** `to` is the controller that does the work: the time that `from` takes only begins when that is ready. */
  readonly reconciles?: boolean;
}

/** Fills `caBundle` wherever one of its annotations stands. */
export interface CaInjector {
  readonly annotations: readonly string[];
  readonly by: ObjectPattern;
}

/** A step of the preferred order. Components that no phase names belong to the phase without `components`. */
export interface Phase {
  readonly name: string;
  readonly components?: readonly string[];
}

/**
 * What a release does at run time and no field of its objects says. Facts about objects that are not in the
 * set have no effect.
 */
export interface RuntimeFacts {
  readonly producers?: readonly Producer[];
  readonly injections?: readonly Injection[];
  readonly tenants?: readonly TenantMaker[];
  readonly orderings?: readonly Ordering[];
  readonly caInjectors?: readonly CaInjector[];
  readonly phases?: readonly Phase[];
  /** Objects that come after all others. */
  readonly last?: readonly ObjectPattern[];
}

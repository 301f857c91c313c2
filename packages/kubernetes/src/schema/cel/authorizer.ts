import type { Environment } from "@marcbachmann/cel-js";
import { dnsSubdomainFaults } from "../definition/dns-names.ts";

/** What an expression asks about, in the terms of authorization.k8s.io/v1. */
export interface AskedAccess {
  /** Set when the question is about a path that is no resource. */
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly verb: string;
  /** Whom the question is about; without it, whoever makes the request. */
  readonly account?: { readonly namespace: string; readonly name: string };
}

/** Why somebody may, or undefined when they may not. */
export type AskAccess = (asked: AskedAccess) => string | undefined;

/**
 * The `authorizer` variable of admission expressions, and what its methods return: a question that is put
 * together call by call, and after `check` its decision.
 */
export class CelAuthorizer {
  readonly ask: AskAccess | undefined;
  readonly asked: AskedAccess;
  /** The question about what the request itself is about. */
  readonly requestResource?: CelAuthorizer;

  /** Without `ask`, expressions parse and fail when they are evaluated. */
  constructor(
    ask?: AskAccess,
    { requested, ...asked }: Partial<AskedAccess> & { readonly requested?: Partial<AskedAccess> } = {},
  ) {
    this.ask = ask;
    if (requested) this.requestResource = new CelAuthorizer(ask, requested);
    this.asked = {
      group: "",
      resource: "",
      subresource: "",
      namespace: "",
      name: "",
      verb: "",
      ...asked,
    };
  }

  /** The same question with more said. */
  with(more: Partial<AskedAccess>): CelAuthorizer {
    return new CelAuthorizer(this.ask, { ...this.asked, ...more });
  }

  /** The answer; undefined for a refusal. */
  decide(): string | undefined {
    if (!this.ask) throw new Error("authorizer is not available");
    return this.ask(this.asked);
  }
}

const type = "kubernetes.authorization.Authorizer";

/** `authorizer.group('').resource('pods').check('get').allowed()` and its like (apiserver cel/library/authz.go). */
export function registerAuthorizer(env: Environment): void {
  env.registerType(type, CelAuthorizer);
  const parts = ["path", "group", "resource", "subresource", "namespace", "name"] as const;
  for (const part of parts) {
    env.registerFunction(`${type}.${part}(string): ${type}`, (question: CelAuthorizer, value: string) =>
      question.with({ [part]: value }),
    );
  }
  // Selectors narrow what RBAC, which knows none, would allow all the same.
  for (const selector of ["fieldSelector", "labelSelector"]) {
    env.registerFunction(`${type}.${selector}(string): ${type}`, (question: CelAuthorizer) => question);
  }
  env.registerFunction(`${type}.check(string): ${type}`, (question: CelAuthorizer, verb: string) =>
    question.with({ verb }),
  );
  env.registerFunction(
    `${type}.serviceAccount(string, string): ${type}`,
    (question: CelAuthorizer, namespace: string, name: string) => {
      if (dnsSubdomainFaults(name).length > 0) throw new Error("Invalid service account name");
      if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
        throw new Error("Invalid service account namespace");
      }
      return question.with({ account: { namespace, name } });
    },
  );
  env.registerFunction(
    `${type}.allowed(): bool`,
    (question: CelAuthorizer) => question.decide() !== undefined,
  );
  env.registerFunction(`${type}.errored(): bool`, () => false);
  env.registerFunction(`${type}.error(): string`, () => "");
  env.registerFunction(`${type}.reason(): string`, (question: CelAuthorizer) => question.decide() ?? "");
}

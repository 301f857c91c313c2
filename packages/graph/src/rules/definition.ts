import { identify, objectKey } from "@slipway/kubernetes/objects";
import { textAt } from "../fields.ts";
import { edge, type Rule } from "./rule.ts";

/** A custom resource can be written once its definition is Established. */
export const definitionRule: Rule = ({ set, add }) => {
  for (const node of set.nodes) {
    const definition = set.kindOf(node)?.definition;
    if (!definition) continue;
    add(
      edge(
        node,
        { key: objectKey(identify(definition)) },
        {
          kind: "hard",
          until: "ready",
          rule: "crd",
          reason: `kind ${node.id.kind} is defined by CustomResourceDefinition ${definition.metadata.name}, which must be Established`,
        },
      ),
    );
  }
};

/** An object of an aggregated API can be written once the APIService is Available; that needs its Service. */
export const apiServiceRule: Rule = ({ set, add }) => {
  for (const apiService of set.ofKind("apiregistration.k8s.io", "APIService")) {
    const namespace = textAt(apiService.object, "spec", "service", "namespace");
    const name = textAt(apiService.object, "spec", "service", "name");
    if (!namespace || !name) continue;
    const service = set.find({ group: "", kind: "Service", namespace, name });
    if (service) {
      add(
        edge(apiService, service, {
          kind: "hard",
          until: "exists",
          rule: "api-service",
          reason: `spec.service names Service ${namespace}/${name}`,
        }),
      );
      for (const { node } of set.workloadsBehind(service)) {
        add(
          edge(apiService, node, {
            kind: "hard",
            until: "ready",
            rule: "api-service",
            reason: `spec.service is answered by the pods of ${node.id.kind} ${namespace}/${node.id.name}`,
          }),
        );
      }
    }
    const served = `${textAt(apiService.object, "spec", "group")}/${textAt(apiService.object, "spec", "version")}`;
    for (const node of set.nodes) {
      if (node.object.apiVersion !== served) continue;
      add(
        edge(node, apiService, {
          kind: "hard",
          until: "ready",
          rule: "api-service",
          reason: `apiVersion ${served} is served by APIService ${apiService.id.name}, which must be Available`,
        }),
      );
    }
  }
};

// Advice about pods and their templates (kubernetes pkg/api/pod/warnings.go).
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../../admission/read-json.ts";
import { addressWarnings } from "../validation/network/addresses.ts";
import { deprecatedLabel, selectorTermWarnings } from "./node-labels.ts";
import { overlapWarnings } from "./overlap-warnings.ts";
import { portWarnings } from "./port-warnings.ts";
import { byteWarnings, claimSpecWarnings, deprecatedVolumes, volumeField } from "./storage-warnings.ts";

/** A container and where it stands. */
export interface PlacedContainer {
  readonly container: JsonObject;
  readonly path: string;
}

/** What is advised about a pod, or about a template at `path`, which is "" for a pod. */
export function podWarnings(template: JsonObject, path: string): string[] {
  const spec = objectAt(template, "spec");
  const inPath = (field: string) => (path === "" ? field : `${path}.${field}`);
  const at = inPath("spec");
  const annotations = objectAt(template, "metadata", "annotations");
  const ofAnnotation = (name: string) => `${inPath("metadata.annotations")}[${name}]`;
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(spec, list).map((container, index) => ({ container, path: `${at}.${list}[${index}]` })),
  );
  const profiles = { annotations, ofAnnotation, template: path !== "" };
  return [
    ...nodeWarnings(spec, at),
    ...spreadWarnings(spec, at),
    ...Object.entries(oldAnnotations)
      .filter(([name]) => annotations[name] !== undefined)
      .map(([name, advice]) => `${ofAnnotation(name)}: ${advice}`),
    ...volumeWarnings(spec, at),
    ...overlapWarnings(objectsAt(spec, "volumes")),
    ...repeated(spec, "hostAliases", "ip", at),
    ...repeated(spec, "imagePullSecrets", "name", at),
    ...objectsAt(spec, "imagePullSecrets").flatMap(({ name }, index) =>
      name ? [] : [`${at}.imagePullSecrets[${index}].name: invalid empty name ""`],
    ),
    ...["memory", "ephemeral-storage"].flatMap((resource) =>
      byteWarnings(objectAt(spec, "overhead"), resource, `${at}.overhead`),
    ),
    ...seccompWarning(spec, "seccomp.security.alpha.kubernetes.io/pod", profiles),
    ...containers.flatMap((one) => containerWarnings(one, spec, profiles)),
    ...portWarnings(containers),
    ...((numberAt(spec, "terminationGracePeriodSeconds") ?? 0) < 0
      ? [
          `${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
        ]
      : []),
    ...affinityWarnings(spec, at),
    ...textsAt(spec, "dnsConfig", "nameservers").flatMap((server, index) =>
      addressWarnings(server, `${at}.dnsConfig.nameservers[${index}]`),
    ),
    ...objectsAt(spec, "hostAliases").flatMap((alias, index) =>
      addressWarnings(textAt(alias, "ip") ?? "", `${at}.hostAliases[${index}].ip`),
    ),
  ];
}

const oldAnnotations: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod":
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};

function nodeWarnings(spec: JsonObject, at: string): string[] {
  const affinity = objectAt(spec, "affinity", "nodeAffinity");
  const path = `${at}.affinity.nodeAffinity`;
  const [hard, soft] = ["required", "preferred"].map(
    (word) => `${word}DuringSchedulingIgnoredDuringExecution`,
  );
  return [
    ...Object.keys(objectAt(spec, "nodeSelector")).flatMap((key) => {
      const advice = deprecatedLabel(key);
      return advice ? [`${at}.nodeSelector[${key}]: ${advice}`] : [];
    }),
    ...objectsAt(affinity, String(hard), "nodeSelectorTerms").flatMap((term, index) =>
      selectorTermWarnings(term, `${path}.${hard}.nodeSelectorTerms[${index}]`, false),
    ),
    ...objectsAt(affinity, String(soft)).flatMap((term, index) =>
      selectorTermWarnings(objectAt(term, "preference"), `${path}.${soft}[${index}].preference`, true),
    ),
  ];
}

const matchesNothing = "a null labelSelector results in matching no pod";

function spreadWarnings(spec: JsonObject, at: string): string[] {
  return objectsAt(spec, "topologySpreadConstraints").flatMap((constraint, index) => {
    const place = `${at}.topologySpreadConstraints[${index}]`;
    const key = textAt(constraint, "topologyKey") ?? "";
    const advice = deprecatedLabel(key);
    return [
      ...(advice ? [`${place}.topologyKey: ${key} is ${advice}`] : []),
      ...(constraint.labelSelector === undefined ? [`${place}.labelSelector: ${matchesNothing}`] : []),
    ];
  });
}

function affinityWarnings(spec: JsonObject, at: string): string[] {
  return ["podAffinity", "podAntiAffinity"].flatMap((kind) => {
    const path = `${at}.affinity.${kind}`;
    const [hard, soft] = ["required", "preferred"].map(
      (word) => `${word}DuringSchedulingIgnoredDuringExecution`,
    );
    const terms = objectAt(spec, "affinity", kind);
    return [
      ...objectsAt(terms, String(hard)).flatMap((term, index) =>
        term.labelSelector === undefined
          ? [`${path}.${hard}[${index}].labelSelector: ${matchesNothing}`]
          : [],
      ),
      ...objectsAt(terms, String(soft)).flatMap((term, index) =>
        objectAt(term, "podAffinityTerm").labelSelector === undefined
          ? [`${path}.${soft}[${index}].podAffinityTerm.labelSelector: ${matchesNothing}`]
          : [],
      ),
    ];
  });
}

/** In the order in which the server looks at them. */
const volumePlugins = [
  "photonPersistentDisk",
  "gitRepo",
  "scaleIO",
  "flocker",
  "storageos",
  "quobyte",
  "glusterfs",
];

function volumeWarnings(spec: JsonObject, at: string): string[] {
  const advice: Readonly<Record<string, string>> = {
    ...deprecatedVolumes,
    gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
    flocker: "deprecated in v1.22, non-functional in v1.25+",
    quobyte: "deprecated in v1.22, non-functional in v1.25+",
  };
  return objectsAt(spec, "volumes").flatMap((volume, index) => {
    const path = `${at}.volumes[${index}]`;
    const told = (names: readonly string[]) =>
      names
        .filter((name) => volume[name] !== undefined)
        .map((name) => `${path}.${volumeField(name)}: ${advice[name]}`);
    const claim = objectAt(volume, "ephemeral", "volumeClaimTemplate", "spec");
    return [
      ...told(volumePlugins),
      ...claimSpecWarnings(claim, `${path}.ephemeral.volumeClaimTemplate.spec`),
      ...told(["cephfs", "rbd"]),
    ];
  });
}

function repeated(spec: JsonObject, list: string, field: string, at: string): string[] {
  const items = objectsAt(spec, list).map((item) => textAt(item, field) ?? "");
  return items.flatMap((item, index) =>
    items.indexOf(item) === index
      ? []
      : [`${at}.${list}[${index}].${field}: duplicate ${field} ${JSON.stringify(item)}`],
  );
}

interface Profiles {
  readonly annotations: JsonObject;
  readonly ofAnnotation: (name: string) => string;
  /** Whether it is a template; a pod's profiles are told of elsewhere. */
  readonly template: boolean;
}

function seccompWarning(holder: JsonObject, name: string, { annotations, ofAnnotation }: Profiles): string[] {
  const said = objectAt(holder, "securityContext").seccompProfile !== undefined;
  if (said || annotations[name] === undefined) return [];
  return [`${ofAnnotation(name)}: non-functional in v1.27+; use the "seccompProfile" field instead`];
}

function containerWarnings(
  { container, path }: PlacedContainer,
  spec: JsonObject,
  profiles: Profiles,
): string[] {
  const name = textAt(container, "name") ?? "";
  return [
    ...seccompWarning(container, `container.seccomp.security.alpha.kubernetes.io/${name}`, profiles),
    ...profileWarning(container, spec, profiles),
    ...["memory", "ephemeral-storage"].flatMap((resource) =>
      ["limits", "requests"].flatMap((part) =>
        byteWarnings(objectAt(container, "resources", part), resource, `${path}.resources.${part}`),
      ),
    ),
    ...environmentWarnings(container, path),
  ];
}

function profileWarning(container: JsonObject, spec: JsonObject, profiles: Profiles): string[] {
  const key = `container.apparmor.security.beta.kubernetes.io/${textAt(container, "name") ?? ""}`;
  const said = profiles.annotations[key];
  if (!profiles.template || said === undefined) return [];
  if (objectAt(container, "securityContext").appArmorProfile !== undefined) return [];
  if (says(objectAt(spec, "securityContext", "appArmorProfile"), String(said))) return [];
  return [`${profiles.ofAnnotation(key)}: deprecated since v1.30; use the "appArmorProfile" field instead`];
}

/** Whether a profile is what an annotation says. */
function says({ type, localhostProfile }: JsonObject, annotation: string): boolean {
  if (annotation === "unconfined") return type === "Unconfined";
  if (annotation === "runtime/default") return type === "RuntimeDefault";
  return type === "Localhost" && annotation === `localhost/${localhostProfile}`;
}

function environmentWarnings(container: JsonObject, path: string): string[] {
  const variables = objectsAt(container, "env");
  const names = variables.map(({ name }) => String(name ?? ""));
  return variables.flatMap((variable, index) => {
    const name = names[index] ?? "";
    if (names.indexOf(name) === index) return [];
    const reference = `$(${name})`;
    const value = textAt(variable, "value") ?? "";
    const extends_ = variable.valueFrom === undefined && value !== reference && value.includes(reference);
    if (extends_) return [];
    return [
      `${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
    ];
  });
}

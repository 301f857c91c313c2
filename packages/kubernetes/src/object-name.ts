import { ProblemError } from "@slipway/yaml";
import type { ResourceMapper } from "./mapper.ts";
import { formatIdentity, type ObjectIdentity } from "./object.ts";
import { suggest } from "./suggest.ts";

/** An object as a person names it. */
export interface ObjectName {
  /** Kind, plural, singular or short name, perhaps with a group: `deploy`, `Certificate`, `deployments.apps`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Reads `kind/name` or `kind/namespace/name`. Throws a ProblemError for anything else. */
export function parseObjectName(text: string): ObjectName {
  const parts = text.split("/");
  const [kind, second, third] = parts;
  if (kind && second && parts.length === 2) return { kind, name: second };
  if (kind && second && third && parts.length === 3) return { kind, namespace: second, name: third };
  throw new ProblemError({
    code: "kubernetes/object-name",
    message: `"${text}" does not name an object`,
    next: "name it as kind/name or kind/namespace/name, for instance deploy/kubeflow/ml-pipeline",
  });
}

/**
 * Finds the one object that `text` names among `candidates`. Without a namespace the name must be unique.
 * Throws a ProblemError that suggests what may be meant: the kind, the object, or the namespace to add.
 */
export function findObject<T>(
  text: string,
  candidates: Iterable<T>,
  options: { readonly mapper: ResourceMapper; readonly identityOf: (candidate: T) => ObjectIdentity },
): T {
  const wanted = parseObjectName(text);
  const types = options.mapper.resolve(wanted.kind);
  if (types.length === 0) throw unknownKind(wanted.kind, options.mapper);
  const kinds = new Set(types.map((type) => `${type.group}/${type.kind}`));
  const ofKind: { candidate: T; id: ObjectIdentity }[] = [];
  for (const candidate of candidates) {
    const id = options.identityOf(candidate);
    if (kinds.has(`${id.group}/${id.kind}`)) ofKind.push({ candidate, id });
  }
  const named = ofKind.filter(
    ({ id }) => id.name === wanted.name && (!wanted.namespace || id.namespace === wanted.namespace),
  );
  const [match] = named;
  if (match && named.length === 1) return match.candidate;
  if (match)
    throw ambiguous(
      text,
      named.map(({ id }) => id),
    );
  throw unknownObject(
    wanted,
    ofKind.map(({ id }) => id),
    types[0]?.kind ?? wanted.kind,
  );
}

function unknownKind(kind: string, mapper: ResourceMapper): ProblemError {
  const names = mapper.all().flatMap((type) => [type.singular, type.resource, type.kind, ...type.shortNames]);
  const near = suggest(
    kind,
    names.map((name) => name.toLowerCase()),
    1,
  );
  return new ProblemError({
    code: "kubernetes/unknown-kind",
    message: `there is no kind called "${kind}"`,
    ...(near[0] ? { next: `did you mean "${near[0]}"?` } : {}),
  });
}

function ambiguous(text: string, ids: readonly ObjectIdentity[]): ProblemError {
  const sameKind = ids.every((id) => id.kind === ids[0]?.kind && id.group === ids[0]?.group);
  const names = ids.map((id) =>
    sameKind ? formatIdentity(id) : `${id.kind}.${id.group}/${id.namespace ?? ""}/${id.name}`,
  );
  return new ProblemError({
    code: "kubernetes/ambiguous-object",
    message: `"${text}" names ${ids.length} objects: ${names.join(", ")}`,
    next: sameKind
      ? "add the namespace: kind/namespace/name"
      : "add the group to the kind: kind.group/namespace/name",
  });
}

function unknownObject(wanted: ObjectName, sameKind: readonly ObjectIdentity[], kind: string): ProblemError {
  const name = wanted.namespace ? `${kind}/${wanted.namespace}/${wanted.name}` : `${kind}/${wanted.name}`;
  const elsewhere = sameKind.filter((id) => id.name === wanted.name);
  const byName = new Map(sameKind.map((id) => [id.name, id]));
  const near = suggest(wanted.name, byName.keys()).flatMap((candidate) => byName.get(candidate) ?? []);
  const meant = (elsewhere.length > 0 ? elsewhere : near).map(formatIdentity);
  return new ProblemError({
    code: "kubernetes/unknown-object",
    message: `there is no ${name}`,
    ...(meant.length > 0 ? { next: `did you mean ${meant.join(" or ")}?` } : {}),
  });
}

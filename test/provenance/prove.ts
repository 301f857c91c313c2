// Changes values where the history of fields says that they come from, builds again, and looks what became of it.
import { explainField, type FieldMoment } from "@slipway/kustomize";
import { ProblemError, type YamlNode } from "@slipway/yaml";
import type { Random } from "../conformance/fuzz/random.ts";
import type { Edit } from "./change-value.ts";
import { decidingPlace, type Field, type Place, placesOf } from "./fields.ts";
import type { Change, Trial } from "./trial.ts";

/** A field that was drawn, the place that is said to decide it, and what to write there. */
interface Sample extends Field {
  readonly place: Place;
  readonly edit: Edit;
}

/**
 * What a change at the place did:
 * - `exact`: that field changed, and nothing else.
 * - `shared`: so did all the others that the place decides, and whatever else changed names the place.
 * - `agreed`: files that have to agree name the value, such as a container that a patch finds by its name; changed
 *   at each place of its history, it was exact or shared.
 * - `identity`: something is known by the value: besides the field nothing changed but what depends on its
 *   object's kind or name in that object, and references that lead elsewhere; or the build refuses, and says that
 *   what asks for the old value finds it no more.
 * - `unwritten`: no file holds the value; a generator implies it.
 * - `wrong`: anything else.
 */
export type Verdict = "exact" | "shared" | "agreed" | "identity" | "unwritten" | "wrong";

/** One field's verdict, with what was unexpected. */
export interface Proof {
  readonly field: Field;
  readonly step: FieldMoment["kind"];
  readonly place?: Place;
  readonly verdict: Verdict;
  readonly findings: readonly string[];
}

const batchSize = 64;

/** Draws fields: some of each sort of step that decides fields, the rest from all; `count` in all. */
export function drawFields(trial: Trial, count: number, random: Random): Field[] {
  const drawn = new Set<Field>();
  for (const fields of Map.groupBy(trial.fields, ({ node }) => lastStep(node)).values()) {
    for (const field of shuffled(fields, random).slice(0, count / 40)) drawn.add(field);
  }
  for (const field of shuffled(trial.fields, random)) {
    if (drawn.size >= count) break;
    drawn.add(field);
  }
  return [...drawn];
}

/** Proves the fields, many at once where the places have nothing to do with each other. */
export function* prove(trial: Trial, fields: readonly Field[]): Generator<Proof> {
  const samples: Sample[] = [];
  for (const field of fields) {
    const place = decidingPlace(field.node);
    const edit = place && trial.editAt(place);
    if (place && edit) samples.push({ ...field, place, edit });
    else yield proofOf({ ...field, ...(place ? { place } : {}) }, "unwritten", []);
  }
  const identities = namesOfThings(trial);
  const [alone, together] = [true, false].map((isAlone) =>
    samples.filter(
      (sample) => (identities.has(sample.place.key) || statedPlaces(trial, sample).length > 1) === isAlone,
    ),
  );
  for (const sample of alone ?? []) yield proveOne(trial, sample);
  // Neighbours first, so that a build has few directories to do anew.
  const sorted = (together ?? []).sort((left, right) => (left.place.key < right.place.key ? -1 : 1));
  for (let at = 0; at < sorted.length; at += batchSize) {
    yield* proveTogether(trial, sorted.slice(at, at + batchSize));
  }
}

/** All at once; where that is not as it should be, in halves. */
function* proveTogether(trial: Trial, batch: readonly Sample[]): Generator<Proof> {
  const [first] = batch;
  if (first === undefined) return;
  if (batch.length === 1) {
    yield proveOne(trial, first);
    return;
  }
  const outcome = attempt(trial, batch);
  if (!(outcome instanceof ProblemError) && unexpected(trial, batch, outcome).length === 0) {
    for (const sample of batch) yield proofOf(sample, sharedOrExact(trial, sample), []);
    return;
  }
  const middle = batch.length >> 1;
  yield* proveTogether(trial, batch.slice(0, middle));
  yield* proveTogether(trial, batch.slice(middle));
}

function proveOne(trial: Trial, sample: Sample): Proof {
  const outcome = attempt(trial, [sample]);
  const findings = outcome instanceof ProblemError ? [] : unexpected(trial, [sample], outcome);
  if (!(outcome instanceof ProblemError) && findings.length === 0) {
    return proofOf(sample, sharedOrExact(trial, sample), []);
  }
  const stated = statedPlaces(trial, sample);
  if (stated.length > 1) {
    const together = attempt(trial, stated);
    if (!(together instanceof ProblemError) && unexpected(trial, stated, together).length === 0) {
      return proofOf(sample, "agreed", []);
    }
  }
  if (outcome instanceof ProblemError) {
    const { message, related = [] } = outcome.problem;
    const told = [message, ...related.map((each) => each.message)].join("\n");
    return proofOf(sample, isAbout(told, sample, trial) ? "identity" : "wrong", [`refused: ${message}`]);
  }
  const isIdentity = findings.every((change) => isOfIdentity(change, sample));
  return proofOf(sample, isIdentity ? "identity" : "wrong", findings.map(describe));
}

/** A reference that leads elsewhere, or what rules for a kind did to the object whose kind or name changed. */
function isOfIdentity(change: Change, sample: Sample): boolean {
  if (follows(change.before) || follows(change.after)) return true;
  const changed = change.before !== undefined || change.after !== undefined;
  return changed && change.object === sample.object && isIdentityField(sample);
}

/** The places of a field's history at which its value is written out as it is now. */
function statedPlaces(trial: Trial, sample: Sample): Sample[] {
  const value = JSON.stringify(explainField(sample.node).at(-1)?.value);
  return placesOf(sample.node).flatMap((place) => {
    const edit = JSON.stringify(place.moment.value) === value ? trial.editAt(place) : undefined;
    return edit ? [{ ...sample, place, edit }] : [];
  });
}

function attempt(trial: Trial, batch: readonly Sample[]): Change[] | ProblemError {
  try {
    return trial.changesAfter(batch.map(({ place, edit }) => [place, edit] as const));
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

/** Fields that the places decide and that did not change, and changes of fields that do not name the places. */
function unexpected(trial: Trial, batch: readonly Sample[], changes: readonly Change[]): Change[] {
  const places = new Set(batch.map(({ place }) => place.key));
  const changed = new Set(changes.map(({ object, path }) => `${object} ${path}`));
  const decided = [...places].flatMap((place) => trial.decidedBy.get(place) ?? []);
  const still = decided.filter(({ object, path }) => !changed.has(`${object} ${path}`));
  const strange = changes.filter(
    ({ before, after }) => !before || !after || ![...trial.named(before)].some((place) => places.has(place)),
  );
  return [...still.map(({ object, path }) => ({ object, path })), ...strange];
}

function sharedOrExact(trial: Trial, { place }: Sample): Verdict {
  return (trial.decidedBy.get(place.key)?.length ?? 0) > 1 ? "shared" : "exact";
}

/** Places of values by which objects are chosen: those of kinds, names and what references consist of. */
function namesOfThings(trial: Trial): Set<string> {
  return new Set(trial.fields.filter(isIdentityField).flatMap(({ node }) => decidingPlace(node)?.key ?? []));
}

function isIdentityField({ path }: Field): boolean {
  return /^\["(apiVersion|kind)"\]$|^\["metadata","name"\]$|"roleRef",|"(apiGroup|kind)"\]$/.test(path);
}

/** What is refused must name the value that is gone, or the object that had it. */
function isAbout(message: string, { object, node, place }: Sample, trial: Trial): boolean {
  const name = trial.fields.find((each) => each.object === object && each.path === '["metadata","name"]');
  const names = name ? explainField(name.node).map(({ value }) => String(value)) : [];
  return [node.text, String(place.moment.value), ...names].some((text) => message.includes(text));
}

/** True for a field that follows the name of another object. */
function follows(node: YamlNode | undefined): boolean {
  return node !== undefined && explainField(node).some(({ kind }) => kind === "name-reference");
}

function lastStep(node: YamlNode): FieldMoment["kind"] {
  return explainField(node).at(-1)?.kind ?? "source";
}

function proofOf(
  sample: Field & { readonly place?: Place },
  verdict: Verdict,
  findings: readonly string[],
): Proof {
  const { place, ...field } = sample;
  return { field, step: lastStep(field.node), ...(place ? { place } : {}), verdict, findings };
}

function describe({ object, path, before, after }: Change): string {
  const text = (node: YamlNode | undefined) => (node ? JSON.stringify(node.text.slice(0, 60)) : "nothing");
  return before || after
    ? `${object} ${path}: ${text(before)} became ${text(after)}`
    : `${object} ${path} did not change`;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [copy[at], copy[other]] = [copy[other] as T, copy[at] as T];
  }
  return copy;
}

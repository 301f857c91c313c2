// Prints what was observed as YAML that is short and good to read.
import { isJsonObject, type Json, type JsonObject, readYamlDocument } from "@slipway/yaml";
import type { Scenario, Step } from "./scenario.ts";

const width = 118;

/** A scenario as it stands in a file's list, with what its steps expect as far as they say so. */
export function formatScenario({ name, steps }: Scenario): string {
  return [`  - name: ${formatScalar(name)}`, "    steps:", ...steps.flatMap(formatStep)].join("\n");
}

function formatStep(step: Step): string[] {
  const texts = (key: string, values: Readonly<Record<string, string>>) =>
    Object.keys(values).length > 0 ? formatEntry(key, { ...values }, stepMargin) : [];
  const target = step.verb === "sleep" ? step.target : formatScalar(step.target);
  const lines = [
    `${stepMargin}${step.verb}: ${target}`,
    ...(step.body === undefined ? [] : formatEntry("with", step.body, stepMargin)),
    ...(step.subresource ? [`${stepMargin}sub: ${step.subresource}`] : []),
    ...(step.manager ? [`${stepMargin}manager: ${step.manager}`] : []),
    ...(step.force ? [`${stepMargin}force: true`] : []),
    ...texts("query", step.query),
    ...texts("headers", step.headers),
    ...texts("save", step.save),
    ...(step.show ? formatEntry("show", [...step.show], stepMargin) : []),
    ...(step.until ? formatEntry("until", step.until, stepMargin) : []),
    ...(step.expect ? formatExpectation(step.expect, stepMargin) : []),
  ];
  return lines.map((line, index) => (index === 0 ? `      - ${line.trimStart()}` : line));
}

const stepMargin = " ".repeat(8);

/** The lines of an `expect:` block; none for an observation of nothing. */
export function formatExpectation(observation: JsonObject, margin: string): string[] {
  return Object.keys(observation).length === 0 ? [] : formatEntry("expect", observation, margin);
}

function formatEntry(key: string, value: Json, margin: string): string[] {
  const head = `${margin}${formatScalar(key)}:`;
  const flow = formatFlow(value);
  if (head.length + 1 + flow.length <= width || isLeaf(value)) return [`${head} ${flow}`];
  const inner = `${margin}  `;
  return [head, ...formatBlock(value, inner)];
}

function formatBlock(value: Json, margin: string): string[] {
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, item]) => formatEntry(key, item ?? null, margin));
  return (Array.isArray(value) ? value : []).flatMap((item) => {
    const flow = formatFlow(item);
    if (isLeaf(item) || margin.length + 2 + flow.length <= width) return [`${margin}- ${flow}`];
    const [first = "", ...rest] = formatBlock(item, `${margin}  `);
    return [`${margin}- ${first.trimStart()}`, ...rest];
  });
}

function isLeaf(value: Json): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

function formatFlow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(formatFlow).join(", ")}]`;
  if (!isJsonObject(value)) return typeof value === "string" ? formatScalar(value) : JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${formatScalar(key)}: ${formatFlow(item ?? null)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** Without quotes where it reads back as the same text inside of a flow map too. */
function formatScalar(text: string): string {
  if (!/^[A-Za-z$<./][\w$<>./ +-]*$/.test(text) || text.endsWith(" ")) return JSON.stringify(text);
  return readYamlDocument(text).value === text ? text : JSON.stringify(text);
}

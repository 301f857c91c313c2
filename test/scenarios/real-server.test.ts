// What the embedded API server answers to the 675 objects of release 26.03, beside what a real one answered.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import {
  createClient,
  createMapper,
  formatIdentity,
  identify,
  isApiError,
  type KubernetesObject,
  objectKey,
} from "@slipway/kubernetes";
import { startCluster } from "@slipway/rehearsal";
import { isJsonObject, type Json, readYaml } from "@slipway/yaml";
import { fixture, skipWithout } from "../support/fixtures.ts";

const input = fixture("golden/26.03/example.yaml.gz");
const recorded = fixture("real-server/26.03/applied.ndjson.gz");

/** How many of the 675 answers may differ at most. */
const DIFFERENCES = 0;

interface Answer {
  readonly status: number;
  readonly object: KubernetesObject;
}

test("the embedded server answers the first apply of release 26.03 as a real one did", {
  skip: skipWithout(input) || skipWithout(recorded),
}, async () => {
  const text = gunzipSync(readFileSync(input)).toString();
  const objects = readYaml(text, { file: "example.yaml" }).map(({ value }) => value as KubernetesObject);
  const expected = new Map<string, Answer>();
  for (const line of gunzipSync(readFileSync(recorded)).toString().trim().split("\n")) {
    const answer: Answer = JSON.parse(line);
    expected.set(objectKey(identify(answer.object)), answer);
  }
  const answers = await applyAll(objects);
  const differences: string[] = [];
  for (const [key, answer] of expected) {
    const ours = answers.get(key);
    const found = ours
      ? [
          ...(ours.status === answer.status ? [] : [`status ${answer.status} here ${ours.status}`]),
          ...compare(normalize(answer.object), normalize(ours.object)),
        ]
      : ["not applied"];
    if (found.length > 0)
      differences.push(`${formatIdentity(identify(answer.object))}\n    ${found.join("\n    ")}`);
  }
  const shown = process.env.SLIPWAY_SHOW_DIFFERENCES ? differences : differences.slice(0, 10);
  assert.equal(expected.size, 675);
  assert.ok(
    differences.length <= DIFFERENCES,
    `${differences.length} of ${expected.size} answers differ:\n  ${shown.join("\n  ")}`,
  );
  if (process.env.SLIPWAY_SHOW_DIFFERENCES)
    console.log(`${differences.length} differ\n  ${shown.join("\n  ")}`);
});

/** Applies everything once: what others need first, webhook configurations last. */
async function applyAll(objects: readonly KubernetesObject[]): Promise<Map<string, Answer>> {
  const cluster = await startCluster({ controllers: false });
  const statuses = new Map<string, number>();
  const transport: typeof cluster.transport = async (request) => {
    const response = await cluster.transport(request);
    statuses.set(request.path, response.status);
    return response;
  };
  const client = createClient({ transport, userAgent: "bench" });
  const mapper = createMapper({ crds: objects });
  const answers = new Map<string, Answer>();
  const first = ["CustomResourceDefinition", "Namespace"];
  const last = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
  const rank = ({ kind }: KubernetesObject) => (first.includes(kind) ? 0 : last.includes(kind) ? 2 : 1);
  try {
    for (const wave of [0, 1, 2]) {
      for (const object of objects.filter((one) => rank(one) === wave)) {
        const type = mapper.findFor(object);
        assert.ok(type, formatIdentity(identify(object)));
        statuses.clear();
        try {
          const answer = await client.apply(type, object, { fieldManager: "bench", force: true });
          answers.set(objectKey(identify(answer)), {
            status: [...statuses.values()][0] ?? 0,
            object: answer,
          });
        } catch (error) {
          if (!isApiError(error)) throw error;
          answers.set(objectKey(identify(object)), { status: error.code, object: error.status as never });
        }
      }
      await cluster.clock.sleep(1000);
    }
  } finally {
    await cluster.stop();
  }
  return answers;
}

/** Without what is different on any two clusters: times, identifiers, versions, allocated addresses. */
function normalize(object: KubernetesObject): KubernetesObject {
  const copy: KubernetesObject = structuredClone(object);
  const { metadata } = copy;
  delete metadata?.uid;
  delete metadata?.resourceVersion;
  delete metadata?.creationTimestamp;
  for (const entry of metadata?.managedFields ?? []) if (isJsonObject(entry)) delete entry.time;
  const spec = isJsonObject(copy.spec) ? copy.spec : {};
  if (copy.kind === "Service" && spec.clusterIP !== "None") {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    for (const port of Array.isArray(spec.ports) ? spec.ports : [])
      if (isJsonObject(port)) delete port.nodePort;
    delete spec.healthCheckNodePort;
  }
  return copy;
}

/** The places where two values differ, with what stands there. */
function compare(expected: Json | undefined, actual: Json | undefined, path = ""): string[] {
  if (isJsonObject(expected) && isJsonObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => compare(expected[key], actual[key], path ? `${path}.${key}` : key));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) => compare(item, actual[index], `${path}[${index}]`));
  }
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)];
  return left === right ? [] : [`${path}: ${short(left)} here ${short(right)}`];
}

function short(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

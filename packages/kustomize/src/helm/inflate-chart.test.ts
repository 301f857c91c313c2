// Charts with a helm of the test's own: what it is asked, and what becomes of what it prints.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { build } from "../build.ts";
import { memoryFileSystem } from "../memory-file-system.ts";
import type { Helm } from "./helm.ts";

interface Asked {
  readonly args: readonly string[];
  readonly input: string | undefined;
}

function fakeHelm(printed: string, version = "v3.18.6+g1"): { helm: Helm; asked: Asked[] } {
  const asked: Asked[] = [];
  const run: Helm["run"] = (args, { input }) => {
    if (args[0] === "version") return version;
    asked.push({ args, input });
    return args[0] === "template" ? printed : "";
  };
  return { helm: { run }, asked };
}

const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n";

function buildChart(entry: string, helm: Helm | undefined, more: Record<string, string> = {}): string {
  const files = { "kustomization.yaml": entry, "charts/web/values.yaml": "a: 1\n", ...more };
  return build("/", { fileSystem: memoryFileSystem(files), helm }).yaml();
}

function problemOf(action: () => unknown): ProblemError["problem"] {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error("nothing failed");
}

test("a chart in its folder is rendered with its own values", () => {
  const { helm, asked } = fakeHelm(service);
  assert.equal(buildChart("helmCharts:\n- name: web\n  releaseName: r\n", helm), service);
  assert.deepEqual(asked, [{ args: ["template", "r", "/charts/web", "-f", "-"], input: "a: 1\n" }]);
});

test("a chart with a repository and no folder is pulled into one of its version", () => {
  const { helm, asked } = fakeHelm(service);
  const entry =
    "helmCharts:\n- name: far\n  version: 1.0.0\n  repo: https://charts.example.com\n  valuesInline: {b: 2}\n  valuesMerge: replace\n";
  buildChart(entry, helm);
  const shelf = "/charts/far-1.0.0";
  assert.deepEqual(asked[0]?.args, [
    ...["pull", "--untar", "--untardir", shelf],
    ...["--repo", "https://charts.example.com", "far", "--version", "1.0.0"],
  ]);
  assert.deepEqual(asked[1], {
    args: ["template", "--generate-name", `${shelf}/far`, "-f", "-"],
    input: "b: 2\n",
  });
});

test("what helm says before the first document is left out", () => {
  const { helm } = fakeHelm(`Pulled: it\n---\n${service}`);
  assert.equal(buildChart("helmCharts: [{name: web}]\n", helm), service);
});

test("the namespace goes to helm and not over what it has made", () => {
  const { helm, asked } = fakeHelm(service);
  assert.equal(buildChart("namespace: ns\nhelmCharts: [{name: web, releaseName: r}]\n", helm), service);
  assert.deepEqual(asked[0]?.args.slice(3, 5), ["--namespace", "ns"]);
});

test("without helm a chart is refused at its entry", () => {
  const problem = problemOf(() => buildChart("resources: []\nhelmCharts:\n- name: web\n", undefined));
  assert.equal(problem.code, "kustomize/refused-helm");
  assert.equal(problem.position?.line, 3);
  assert.match(problem.next ?? "", /--enable-helm/);
});

test("a helm that fails or is too old is an error at the entry", () => {
  const failing: Helm = {
    run: (args) => {
      if (args[0] === "version") return "v3.1.0";
      throw new Error("no such value");
    },
  };
  const failed = problemOf(() => buildChart("helmCharts: [{name: web}]\n", failing));
  assert.match(failed.message, /helm template failed for the chart web: no such value/);
  const old = problemOf(() => buildChart("helmCharts: [{name: web}]\n", fakeHelm("", "v2.9.1").helm));
  assert.match(old.message, /helm 3 or 4 is needed, this is v2\.9\.1/);
});

// Charts inflated by ours and by real kustomize, both with real helm. All charts are local: no network.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { realKustomize } from "../conformance/fuzz/real-kustomize.ts";
import { skipWithoutGo } from "../control-plane/build.ts";
import { goProgram } from "../support/go-program.ts";
import { helm } from "../support/helm.ts";
import { runSlipway, temporaryFolder } from "../support/run-slipway.ts";

const skip = skipWithoutGo();

const chart = {
  "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
  "values.yaml":
    "# how many\nreplicas: 1\nimage: {name: nginx, tag: '1.0'}\nargs: [a, b]\nfeature: yes\nport: 0777\n",
  "crds/thing.yaml":
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec:\n  group: example.com\n",
  "templates/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-values
  namespace: {{ .Release.Namespace }}
data:
  values: {{ .Values | toJson | quote }}
  kube: {{ .Capabilities.KubeVersion.Version | quote }}
  has: {{ .Capabilities.APIVersions.Has "example.com/v9" | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
      - name: web
        image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
---
apiVersion: v1
kind: Service
metadata:
  name: plain
`,
  "templates/hook.yaml":
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: hook\n  annotations:\n    helm.sh/hook: pre-install\n",
  "templates/tests/t.yaml":
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n  annotations:\n    helm.sh/hook: test\n",
};

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly directory?: string;
}

const listed = (lines: string) => `helmCharts:\n- name: web\n${lines.replace(/^(?=.)/gm, "  ")}`;

const cases: readonly Case[] = [
  { name: "a release's name", files: { "kustomization.yaml": listed("releaseName: r\n") } },
  {
    name: "namespace, suffix and labels around a chart",
    files: {
      "kustomization.yaml": `namespace: ns\nnameSuffix: -x\nlabels:\n- pairs: {a: b}\n${listed("releaseName: r\n")}`,
    },
  },
  {
    name: "a namespace of the chart's own",
    files: { "kustomization.yaml": `namespace: ns\n${listed("releaseName: r\nnamespace: own\n")}` },
  },
  {
    name: "a namespace from two levels above",
    directory: "top",
    files: {
      "kustomization.yaml": listed("releaseName: r\n"),
      "top/kustomization.yaml": "namespace: ns\nresources: [../mid]\n",
      "mid/kustomization.yaml": "namePrefix: m-\nresources: [../base]\n",
      "base/kustomization.yaml": `helmGlobals: {chartHome: ../base/mine}\n${listed("releaseName: r\n")}`,
    },
  },
  ...["", "valuesMerge: override\n", "valuesMerge: merge\n", "valuesMerge: replace\n"].map((way) => ({
    name: `values inline, ${way.trim() || "no word on merging"}`,
    files: {
      "kustomization.yaml": listed(
        `releaseName: r\n${way}valuesInline:\n  replicas: 3\n  image: {name: own, tag: x}\n  args: [c]\n  feature: null\n  extra: {on: yes}\n`,
      ),
    },
  })),
  {
    name: "a file of values, and more of them",
    files: {
      "kustomization.yaml": listed(
        "releaseName: r\nvaluesFile: mine.yaml\nadditionalValuesFiles: [more.yaml, even.yaml]\n",
      ),
      "mine.yaml": "replicas: 7\nimage: {name: m, tag: t}\n",
      "more.yaml": "image: {tag: more}\n",
      "even.yaml": "args: [z]\n",
    },
  },
  {
    name: "definitions, without hooks",
    files: { "kustomization.yaml": listed("releaseName: r\nincludeCRDs: true\nskipHooks: true\n") },
  },
  { name: "without tests", files: { "kustomization.yaml": listed("releaseName: r\nskipTests: true\n") } },
  {
    name: "versions of the cluster",
    files: {
      "kustomization.yaml": listed("releaseName: r\nkubeVersion: 1.29.1\napiVersions: [example.com/v9]\n"),
    },
  },
  {
    name: "versions of the cluster by flags",
    files: { "kustomization.yaml": listed("releaseName: r\n") },
    flags: ["--helm-kube-version", "1.28.0", "--helm-api-versions", "a/v1,example.com/v9", "--helm-debug"],
  },
  { name: "a name from a template", files: { "kustomization.yaml": listed("nameTemplate: made-up\n") } },
  {
    name: "origins",
    files: { "kustomization.yaml": `buildMetadata: [originAnnotations]\n${listed("releaseName: r\n")}` },
  },
  {
    name: "the generator's own object",
    files: {
      "kustomization.yaml": "namespace: ns\ngenerators: [g.yaml]\n",
      "g.yaml":
        "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: g}\nname: web\nreleaseName: r\nvaluesInline: {replicas: 2}\n",
    },
  },
  {
    name: "the older field",
    files: {
      "kustomization.yaml":
        "helmChartInflationGenerator:\n- chartName: web\n  releaseName: r\n  valuesLocal: {replicas: 4}\n",
    },
  },
  {
    name: "patches on what a chart makes",
    files: {
      "kustomization.yaml": `${listed("releaseName: r\n")}images: [{name: nginx, newTag: v9}]\nreplicas: [{name: r, count: 5}]\n`,
    },
  },
  { name: "no such chart", files: { "kustomization.yaml": "helmCharts: [{name: none}]\n" } },
  { name: "a chart without a name", files: { "kustomization.yaml": "helmCharts: [{releaseName: r}]\n" } },
  {
    name: "a way to merge that is none",
    files: { "kustomization.yaml": listed("valuesMerge: mix\nvaluesInline: {a: b}\n") },
  },
  {
    name: "a version of Kubernetes that is none",
    files: { "kustomization.yaml": listed("releaseName: r\nkubeVersion: abc\n") },
  },
];

for (const { name, files, flags = [], directory = "." } of cases) {
  test(`charts as in real kustomize: ${name}`, { skip }, async (context) => {
    const folder = temporaryFolder(context);
    for (const home of ["charts", "base/mine"]) {
      for (const [path, text] of Object.entries(chart)) write(join(folder, home, "web", path), text);
    }
    for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
    const all = ["--enable-helm", "--helm-command", goProgram(helm), ...flags];
    const theirs = spawnSync(realKustomize(), ["build", directory, ...all], {
      cwd: folder,
      encoding: "utf8",
    });
    const ours = await runSlipway(["kustomize", directory, ...all], { directory: folder });
    assert.equal(ours.code, theirs.status, ours.stderr || theirs.stderr);
    assert.equal(ours.stdout, theirs.stdout);
    if (ours.code !== 0) assert.match(ours.stderr, /kustomization\.yaml:\d+/);
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

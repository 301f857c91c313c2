// What slipway.yaml may say. Unknown keys are refused; only what works is here.
import { parseDuration } from "@slipway/kubernetes/objects";
import { z } from "zod";
import { catalogue } from "../catalogue/catalogue.ts";
import { presets } from "../catalogue/preset.ts";
import { parseVersion } from "../release/version.ts";

/** The version of the file's format. */
export const apiVersion = "slipway.dev/v1alpha1";

const componentNames = catalogue.map(({ name }) => name);
const componentName = z.enum(componentNames).describe("A component's name in the catalogue.");

const duration = z
  .union([z.string(), z.number()])
  .refine((value) => (parseDuration(value) ?? 0) > 0, {
    error: 'expected a time greater than zero such as "90s" or "5m" (a bare number is seconds)',
  })
  .transform((value) => (parseDuration(value) ?? 0) / 1000)
  .describe('A time such as "90s" or "5m"; a bare number is seconds.');

const release = z
  .strictObject({
    version: z
      .string()
      .min(1)
      .optional()
      .describe("A release of Kubeflow by its tag, such as 26.03. It is built as slipway.lock has it."),
    path: z
      .string()
      .min(1)
      .optional()
      .describe(
        "The release's folder, relative to this file: one that holds example/kustomization.yaml, or a vendored one.",
      ),
    git: z
      .string()
      .min(1)
      .optional()
      .describe("A git repository that holds the release. It is built as slipway.lock has it."),
    ref: z.string().min(1).optional().describe("A tag, a branch or a commit of that repository."),
    starter: z
      .literal(true)
      .optional()
      .describe("The small platform that comes with Slipway, for learning and rehearsal."),
    remotes: z
      .string()
      .min(1)
      .optional()
      .describe(
        "A folder, relative to this file, in which the release's remote references lie: https://github.com/OWNER/REPO/PATH?ref=REF as github.com/OWNER/REPO@REF/PATH, another address under its host and path. Without it they are read from the copies that slipway.lock names.",
      ),
    mirrors: z
      .record(z.string().min(1), z.string().min(1))
      .optional()
      .describe(
        "Where content is fetched instead: what addresses begin with, and what to put in place of that, an address or a folder relative to this file.",
      ),
  })
  .superRefine((value, context) => {
    const sources = (["version", "path", "git", "starter"] as const).filter(
      (key) => value[key] !== undefined,
    );
    if (sources.length !== 1) {
      context.addIssue({
        code: "custom",
        message:
          sources.length === 0
            ? "a release is named by version, by git and ref, by path, or by starter: true"
            : `a release is named once, not by ${sources.join(" and ")}`,
      });
    }
    if (value.version !== undefined && !parseVersion(value.version)) {
      context.addIssue({
        code: "custom",
        path: ["version"],
        message:
          "expected a release such as 26.03 or v1.11.0; any other tag, branch or commit is named by git and ref",
      });
    }
    if (value.git !== undefined && value.ref === undefined) {
      context.addIssue({ code: "custom", path: ["git"], message: "git needs ref: a tag, branch or commit" });
    }
    if (value.git === undefined && value.ref !== undefined) {
      context.addIssue({ code: "custom", path: ["ref"], message: "ref belongs to git, which is not given" });
    }
    if (value.starter && value.remotes !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["remotes"],
        message: "the starter platform has no remote references",
      });
    }
  })
  .describe("Which release of Kubeflow: exactly one of version, git with ref, path, or starter.");

/** The whole file. What it reads into is {@link PlatformFile}. */
export const platformFileSchema = z
  .strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal("Platform"),
    metadata: z.strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
          error: "expected a name of lower-case letters, digits and -, at most 63 of them",
        })
        .describe("The platform's name, a DNS label."),
    }),
    spec: z.strictObject({
      release,
      components: z
        .strictObject({
          preset: z
            .enum(presets)
            .optional()
            .describe("standard: what the release's example holds. minimal: login, dashboard and profiles."),
          add: z.array(componentName).default([]).describe("Components on top of the preset."),
          drop: z.array(componentName).default([]).describe("Components of the preset to leave out."),
        })
        .prefault({})
        .describe("Which components; all of the release's example when left out."),
      cluster: z
        .strictObject({
          context: z.string().min(1).describe("A context of the kubeconfig."),
          kubeconfig: z
            .string()
            .min(1)
            .optional()
            .describe("The kubeconfig, relative to this file; else KUBECONFIG or ~/.kube/config."),
        })
        .optional()
        .describe("The cluster to deploy to; the embedded one when left out."),
      timeModel: z
        .string()
        .min(1)
        .optional()
        .describe(
          "A file, relative to this one, that says how long pods take in the embedded cluster, as slipway cluster calibrate writes it.",
        ),
      timeouts: z
        .partialRecord(z.enum(["default", ...componentNames]), duration)
        .default({})
        .describe("How long an object of a component, or of any other (default), may take to become ready."),
    }),
  })
  .describe("A Kubeflow platform, as Slipway deploys it.");

/** slipway.yaml as it is after defaults; times are in seconds, paths as written. */
export type PlatformFile = z.output<typeof platformFileSchema>;

/** The JSON Schema (2020-12) of slipway.yaml, for editors. */
export function platformJsonSchema(): object {
  return {
    $id: "https://slipway.dev/schema/v1alpha1/platform.json",
    title: "slipway.yaml",
    ...z.toJSONSchema(platformFileSchema, { io: "input" }),
  };
}

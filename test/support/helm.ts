// The helm that charts are inflated with in tests.
import type { GoProgram } from "./go-program.ts";

export const helm: GoProgram = { name: "helm", package: "helm.sh/helm/v3/cmd/helm", version: "v3.18.6" };

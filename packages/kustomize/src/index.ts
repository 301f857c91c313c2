// The public face of @slipway/kustomize.

export { diskFileSystem } from "#runtime";
export { type BuildOptions, type BuildResult, type BuiltResource, build, printResources } from "./build.ts";
export { type BuildMemory, createBuildMemory } from "./build-memory.ts";
export type { FileSystem } from "./file-system.ts";
export type { Helm } from "./helm/helm.ts";
export type { LoadRestrictor } from "./loader.ts";
export { memoryFileSystem } from "./memory-file-system.ts";
export { explainField, type FieldMoment, type FieldPart, findField } from "./provenance.ts";
export { type Answers, createRecorder, pathsOf, type Reads, type Recorder } from "./recorder.ts";
export { isUrl, parseRemoteDirectory, type RemoteDirectory } from "./remote-reference.ts";
export { type Remotes, rawFilePath, remotesFolder, repositoryPath } from "./remotes.ts";
export { resourceFiles } from "./resource-files.ts";
export type { Step, StepKind, StepSource } from "./step.ts";
export { summarizeDeprecations } from "./summarize-deprecations.ts";

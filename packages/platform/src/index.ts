// The public face of @slipway/platform.
export { type BundleOptions, buildBundle, readsOf } from "./build-bundle.ts";
export type { Bundle, BundleResource } from "./bundle.ts";
export { catalogue, componentOfFile, findComponent, suggestComponents } from "./catalogue/catalogue.ts";
export { type CatalogueComponent, type Phase, phases } from "./catalogue/component.ts";
export { minimalComponents, type Preset, presets } from "./catalogue/preset.ts";
export { runtimeFacts } from "./catalogue/producers.ts";
export type { AddedComponent, ResolvedComponents } from "./compose/resolve-components.ts";
export { cacheFolder } from "./content/cache-folder.ts";
export {
  type LoadPlatformOptions,
  loadPlatform,
  type Platform,
  type PlatformTimeouts,
  platformFileName,
  readReleaseChoice,
} from "./load-platform.ts";
export type { LockChange } from "./lock/describe-changes.ts";
export type { LockEntry } from "./lock/lock.ts";
export type { LockOptions, LockOutcome } from "./lock/lock-choice.ts";
export type { ReleaseChoice } from "./release/choose-release.ts";
export type { ListedRelease } from "./release/list-releases.ts";
export { openRelease } from "./release/open-release.ts";
export type { Release, ReleaseEntry } from "./release/release.ts";
export { openStarter } from "./release/starter.ts";
export { listReleases, lockedReads, lockRelease, type ReleaseList, vendorRelease } from "./releases.ts";
export type { FileEdit, VendorOptions, VendorOutcome } from "./vendor/vendor-choice.ts";
export type { Vendored } from "./vendor/vendor-release.ts";

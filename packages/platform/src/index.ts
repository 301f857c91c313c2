// The public face of @slipway/platform.
export type { Bundle, BundleResource } from "./bundle.ts";

// The public face of @slipway/kustomize.
export {};

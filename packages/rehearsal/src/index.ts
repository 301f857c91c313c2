// The public face of @slipway/rehearsal.
export { type AnimateOptions, animate } from "./animate.ts";
export { fnv1a32 } from "./clock/fnv1a.ts";
export { createRandom, randomSuffix, randomUuid } from "./clock/random.ts";
export { createVirtualClock, type VirtualClock } from "./clock/virtual-clock.ts";
export { type AuditEvent, type Cluster, type ClusterOptions, startCluster } from "./cluster.ts";
export { type Calibration, calibrateTimeModel } from "./kubelet/calibrate.ts";
export { describeTimeModel, formatTimeModel, parseTimeModel } from "./kubelet/time-model-file.ts";
export {
  type CertificateRequest,
  createCertificateAuthority,
  issueCertificate,
  type KeyedCertificate,
} from "./pki/certificate.ts";
export * from "./times.ts";

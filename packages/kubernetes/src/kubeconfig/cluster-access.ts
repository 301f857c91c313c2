/** All that is needed to reach one cluster as one user: a kubeconfig context with its files read. */
export interface ClusterAccess {
  /** The context's name. */
  readonly context: string;
  /** The kubeconfig that it was read from, for messages. */
  readonly source: string;
  /** The API server's URL, perhaps with a path. */
  readonly server: string;
  readonly namespace?: string;
  /** PEM; the machine's own roots when absent. */
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly credentials: Credentials;
}

/** Who one is. Several may be given; a certificate counts beside a token. */
export interface Credentials {
  readonly token?: string;
  /** Read again from time to time: such tokens are rotated on disk. */
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM, both or neither. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly exec?: ExecPlugin;
}

/** A program that prints credentials (client.authentication.k8s.io, KEP-541). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly interactiveMode: "Never" | "IfAvailable" | "Always";
  readonly provideClusterInfo: boolean;
  /** What the cluster's `client.authentication.k8s.io/exec` extension holds, handed on unread. */
  readonly clusterConfig?: unknown;
}

// Fetches single files over HTTP(S).
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import * as http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ProblemError } from "@slipway/yaml";

/** What a download may take. */
export interface DownloadLimits {
  readonly maxBytes: number;
  /** Without a byte for so long it is given up. */
  readonly idleMs: number;
  /** How often it is begun at most. */
  readonly attempts: number;
  /** Before it is begun again. */
  readonly pauseMs: number;
}

/** As much as a build would read, and patience for a slow network. */
export const usualLimits: DownloadLimits = {
  maxBytes: 64 * 1024 * 1024,
  idleMs: 30_000,
  attempts: 3,
  pauseMs: 1000,
};

/**
 * Writes what an address (`https:`, `http:`, `file:`) gives to a path. What breaks off is begun again. A proxy is
 * used as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. Throws a ProblemError (`release/fetch-failed`).
 */
export async function download(
  address: string,
  target: string,
  limits: DownloadLimits = usualLimits,
): Promise<void> {
  heedProxy();
  for (let attempt = 1; ; attempt++) {
    const file = await open(target, "w");
    try {
      await copy(address, file, limits);
      return;
    } catch (error) {
      const failure = error instanceof DownloadFailure ? error : new DownloadFailure(reasonOf(error), true);
      if (failure.passes && attempt < limits.attempts) {
        await pause(limits.pauseMs * attempt);
        continue;
      }
      throw new ProblemError(
        {
          code: "release/fetch-failed",
          message: `can't fetch ${address}: ${failure.message}${attempt > 1 ? ` (tried ${attempt} times)` : ""}`,
          next: "check the address and the network (HTTPS_PROXY), or name a mirror: spec.release.mirrors",
        },
        { cause: error },
      );
    } finally {
      await file.close();
    }
  }
}

class DownloadFailure extends Error {
  /** Whether trying again may help. */
  readonly passes: boolean;

  constructor(message: string, passes: boolean) {
    super(message);
    this.passes = passes;
  }
}

async function copy(address: string, file: FileHandle, limits: DownloadLimits): Promise<void> {
  const controller = new AbortController();
  const giveUp = () =>
    controller.abort(new DownloadFailure(`nothing came for ${limits.idleMs / 1000} s`, true));
  let timer = setTimeout(giveUp, limits.idleMs);
  try {
    let size = 0;
    for await (const chunk of await openBody(address, controller.signal)) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, limits.idleMs);
      size += chunk.length;
      if (size > limits.maxBytes) {
        const most = Math.round(limits.maxBytes / 1024 / 1024);
        throw new DownloadFailure(`it is larger than ${most} MiB`, false);
      }
      await file.write(chunk);
    }
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function openBody(address: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  if (address.startsWith("file:")) return createReadStream(fileURLToPath(address), { signal });
  const response = await fetch(address, { signal });
  if (!response.ok) {
    await response.body?.cancel();
    const passes = response.status >= 500 || response.status === 429;
    throw new DownloadFailure(`the server answers ${response.status} ${response.statusText}`.trim(), passes);
  }
  return response.body ?? emptyBody();
}

async function* emptyBody(): AsyncIterable<Uint8Array> {}

/** The innermost message says what happened: `getaddrinfo ENOTFOUND …` rather than `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

let isProxyHeeded = false;

/** Node heeds the proxy's variables only when told to (from 24.14; before that with NODE_USE_ENV_PROXY=1). */
function heedProxy(): void {
  if (isProxyHeeded) return;
  isProxyHeeded = true;
  const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: () => unknown };
  setGlobalProxyFromEnv?.();
}

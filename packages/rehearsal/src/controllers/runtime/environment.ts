// What every controller of a cluster shares.
import type { TimeModel } from "../../kubelet/time-model.ts";
import type { ControllerContext } from "../context.ts";
import type { Caches } from "./cache.ts";

/** A controller's context together with what it shares with the others of its cluster. */
export interface Environment extends ControllerContext {
  readonly caches: Caches;
  readonly timeModel: TimeModel;
}

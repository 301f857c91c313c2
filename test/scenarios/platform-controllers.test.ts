// What the platform's own controllers do, on the starter; on a release it is a suite of `npm run test:real`.
import { describe } from "node:test";
import { buildBundle, loadPlatform } from "@slipway/platform";
import { describePlatform } from "./platform-controllers.ts";

describe("the platform's controllers on the starter platform", () =>
  describePlatform({
    read: async () =>
      buildBundle(await loadPlatform({ starter: true })).resources.map(({ object }) => object),
  }));

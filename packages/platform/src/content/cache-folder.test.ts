import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cacheFolder } from "./cache-folder.ts";

test("the cache lies where the environment says", () => {
  assert.equal(cacheFolder({ SLIPWAY_CACHE: "/a" }), "/a");
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/b" }), join("/b", "slipway"));
  assert.match(cacheFolder({ XDG_CACHE_HOME: "relative" }), /\.cache\/slipway$/);
});

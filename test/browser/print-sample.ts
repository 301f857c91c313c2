import { buildSample } from "./sample.ts";

console.log(JSON.stringify(buildSample()));

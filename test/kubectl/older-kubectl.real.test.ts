// Older kubectls on the embedded API server, which do what the newest does in `npm test`.
import { describe } from "node:test";
import { findKubectls } from "../support/kubectl.ts";
import { describeKubectl } from "./describe-kubectl.ts";

const older = findKubectls().slice(0, -1);

describe("older kubectls", {
  skip: older.length === 0 ? "no kubectl.1.N beside the kubectl on the path" : false,
}, () => {
  for (const kubectl of older) describe(kubectl, () => describeKubectl(kubectl));
});

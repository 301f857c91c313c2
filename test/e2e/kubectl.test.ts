// The newest kubectl on the embedded API server; older ones are a suite of `npm run test:real`.
import { describe } from "node:test";
import { describeKubectl } from "../kubectl/describe-kubectl.ts";
import { findKubectls } from "../support/kubectl.ts";

const kubectl = findKubectls().at(-1);

describe(`kubectl ${kubectl}`, { skip: kubectl === undefined ? "no kubectl on the path" : false }, () =>
  describeKubectl(kubectl ?? ""),
);

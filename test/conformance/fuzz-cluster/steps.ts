import type { Step } from "../../scenarios/runner/scenario.ts";

/** A step that says nothing yet. */
export const emptyStep: Step = {
  verb: "get",
  target: "",
  body: undefined,
  subresource: undefined,
  manager: undefined,
  force: false,
  query: {},
  headers: {},
  save: {},
  show: undefined,
  until: undefined,
  expect: undefined,
  line: 0,
  column: 1,
};

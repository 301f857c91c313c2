import type { Problem } from "@slipway/yaml";

/** One node's end: the run goes on with the others and reports all of them. */
export class NodeFailure extends Error {
  override readonly name = "NodeFailure";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

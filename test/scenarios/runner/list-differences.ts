// `npx node test/scenarios/runner/list-differences.ts`: lists in the README what is marked as different.
import { listDifferences, writeDifferences } from "./differences.ts";
import { loadScenarios, ownScenarios } from "./files.ts";

writeDifferences(listDifferences(loadScenarios(ownScenarios)));

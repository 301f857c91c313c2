// The public face of @slipway/yaml.
export { jsonToNode, nodeToJson } from "./convert.ts";
export { readYaml, readYamlDocument, type YamlDocument } from "./document.ts";
export {
  canonicalInteger,
  formatGoFloat,
  formatShortest,
  parseGoFloat,
  parseGoInteger,
} from "./go-number.ts";
export { isJsonObject, type Json, type JsonObject, setMember } from "./json.ts";
export {
  type Change,
  cloneNode,
  collectionNode,
  copyWithChildren,
  getChild,
  getPath,
  getText,
  isScalar,
  type NodeType,
  positionOf,
  printedType,
  type ReadType,
  removeChild,
  type ScalarType,
  scalarNode,
  setChild,
  sourceLineOf,
  valuePositionOf,
  type YamlNode,
} from "./node.ts";
export { printJson, printNode } from "./print.ts";
export { printFragment, printInOrder } from "./print-in-order.ts";
export { type Problem, ProblemError, type SourcePosition } from "./problem.ts";
export { type ReadOptions, readNode, readNodes } from "./read.ts";
export { booleanValue, type Dialect, resolvePlain } from "./resolve-scalar.ts";
export { needsQuotes } from "./scalar-style.ts";
export { compareKeys } from "./sort-keys.ts";
export { lineTextAt, positionAt, type SourceFile, sourceFile } from "./source-file.ts";
export { timestampToRfc3339 } from "./timestamp.ts";

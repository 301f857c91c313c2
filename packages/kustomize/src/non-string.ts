// Which texts YAML 1.1 takes for something else than a string (kyaml/yaml `IsValueNonString`).
import { ProblemError, readNodes, resolvePlain } from "@slipway/yaml";

/** What a text needs to be a map, a list, nothing or tagged. */
const structured = /^[[{?!#&-]|^["']|:[ \t]|:$/;

/** True for a text of one line that reads as something else than a string; false for one that can't be read. */
export function isNonString(text: string): boolean {
  if (text === "" || text.includes("\n")) return false;
  if (resolvePlain(text, "kubectl") !== "string") return true;
  if (!structured.test(text)) return false;
  try {
    const [root] = readNodes(text, { dialect: "kubectl" });
    return root === undefined || root.type !== "string";
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

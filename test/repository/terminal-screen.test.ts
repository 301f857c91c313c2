import assert from "node:assert/strict";
import { test } from "node:test";
import { createScreen, type Frame } from "../../scripts/record-session/screen.ts";

function screenAfter(text: string, columns = 20, rows = 5): Frame {
  const screen = createScreen(columns, rows);
  screen.write(text);
  return screen.frame();
}

function textOf(frame: Frame): string[] {
  return frame.map((line) => line.map((run) => run.text).join(""));
}

test("a line that is drawn again replaces the one before", () => {
  assert.deepEqual(textOf(screenAfter("first\r\nsecond\r\n\x1b[2A\x1b[Jnew\r\n")), ["new", ""]);
  assert.deepEqual(textOf(screenAfter("12345\r\x1b[Kab")), ["ab"]);
});

test("the oldest line leaves the screen", () => {
  assert.deepEqual(textOf(screenAfter("a\r\nb\r\nc\r\nd", 20, 3)), ["b", "c", "d"]);
});

test("a long line goes on in the next", () => {
  assert.deepEqual(textOf(screenAfter("abcdef", 4)), ["abcd", "ef"]);
});

test("styles cut a line into runs", () => {
  const [line] = screenAfter("\x1b[1;32mgood\x1b[0m and \x1b[90mgrey\x1b[39m");
  assert.deepEqual(line, [
    { text: "good", style: { bold: true, dim: false, colour: 2 } },
    { text: " and ", style: { bold: false, dim: false } },
    { text: "grey", style: { bold: false, dim: false, colour: 8 } },
  ]);
});

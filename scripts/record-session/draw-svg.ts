import type { Frame, Run } from "./screen.ts";

/** What stood on the screen from a time on, in milliseconds. */
export interface TimedFrame {
  readonly at: number;
  readonly frame: Frame;
}

const columnWidth = 8.43;
const lineHeight = 19;
const padding = 18;
const titleHeight = 34;
/** How long the last frame stays before the recording begins again. */
const holdMs = 8_000;

const colours = [
  "#6e7681",
  "#ff7b72",
  "#56d364",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#76e3ea",
  "#c9d1d9",
  "#8b949e",
  "#ffa198",
  "#7ee787",
  "#f2cc60",
  "#a5d6ff",
  "#e2c5ff",
  "#b3f0ff",
  "#ffffff",
];

/**
 * A window that plays the frames again and again. A viewer that does not animate shows the last.
 * `title` is the command; `columns` and `rows` are the screen's size.
 */
export function drawSvg(
  frames: readonly TimedFrame[],
  options: { readonly title: string; readonly columns: number; readonly rows: number },
): string {
  const width = Math.ceil(options.columns * columnWidth + 2 * padding);
  const height = options.rows * lineHeight + 2 * padding + titleHeight;
  const total = (frames.at(-1)?.at ?? 0) + holdMs;
  const groups = frames.map(({ at, frame }, index) => {
    const end = frames[index + 1]?.at;
    const times = end === undefined ? [0, at] : [0, at, end];
    const shown = `<animate attributeName="visibility" calcMode="discrete" values="${["hidden", "visible", "hidden"].slice(0, times.length).join(";")}" keyTimes="${times.map((ms) => (ms / total).toFixed(4)).join(";")}" dur="${(total / 1000).toFixed(2)}s" repeatCount="indefinite"/>`;
    return `<g${end === undefined ? "" : ' visibility="hidden"'}>${shown}${frame.map(drawLine).join("")}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(options.title)}">
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<circle cx="22" cy="18" r="6" fill="#30363d"/><circle cx="42" cy="18" r="6" fill="#30363d"/><circle cx="62" cy="18" r="6" fill="#30363d"/>
<text x="50%" y="23" text-anchor="middle" fill="#8b949e" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">${escapeXml(options.title)}</text>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c9d1d9" xml:space="preserve" transform="translate(${padding} ${titleHeight + padding})">
${groups.join("\n")}
</g>
</svg>
`;
}

function drawLine(runs: readonly Run[], index: number): string {
  let column = 0;
  const spans = runs.map((run) => {
    const length = [...run.text].length;
    const x = (column * columnWidth).toFixed(1);
    column += length;
    if (run.text.trim() === "") return "";
    const looks = [
      run.style.colour === undefined ? "" : ` fill="${colours[run.style.colour]}"`,
      run.style.bold ? ' font-weight="bold"' : "",
      run.style.dim ? ' opacity="0.6"' : "",
    ].join("");
    // Fixing the length keeps columns in place whatever font the viewer has.
    return `<tspan x="${x}" textLength="${(length * columnWidth).toFixed(1)}"${looks}>${escapeXml(run.text)}</tspan>`;
  });
  const body = spans.join("");
  return body === "" ? "" : `<text y="${index * lineHeight + 10}">${body}</text>`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

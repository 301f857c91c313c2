import { setFlagsFromString } from "node:v8";

/**
 * Has V8 leave the space for new objects at the size that it has now, some 8 MB, for the rest of the process. A
 * build is one burst of small objects that mostly stay, for which V8 would enlarge that space to 128 MB: a third
 * of the whole process, and no time is won with it (docs/decisions/0018).
 */
export function keepNurserySmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

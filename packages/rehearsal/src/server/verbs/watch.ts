import type { KubernetesObject } from "@slipway/kubernetes";
import { frozenText } from "../../store/immutable.ts";
import type { StoreEvent } from "../../store/store.ts";
import { asRead } from "../as-read.ts";
import type { RequestContext } from "../context.ts";
import { oneFromStorage } from "../conversion.ts";
import { checkWatchOptions, parseNumber } from "../list-options.ts";
import { negotiateForm } from "../negotiate.ts";
import { partialMetadata } from "../partial-metadata.ts";
import { apiVersionOf } from "../registry.ts";
import { type ApiAnswer, isTrue } from "../request.ts";
import { type Selection, selectionOf } from "../selection.ts";
import { StatusError } from "../status-error.ts";
import { renderTable } from "../tables/render.ts";

/** How many revisions of other objects may pass before a watch that asked for bookmarks gets one. */
const BOOKMARK_INTERVAL = 500;

/**
 * A watch: one JSON line per change. Without a resourceVersion (or with 0) it starts with the present objects;
 * from a revision that the history no longer holds, it is one ERROR line with the 410. It ends with the request's
 * signal, after `timeoutSeconds`, or when the resource is served no longer.
 */
export function watch(context: RequestContext): ApiAnswer {
  const { server, request, type } = context;
  const { query } = request;
  const timeout = parseNumber(query, "timeoutSeconds");
  checkWatchOptions(query);
  const selection = selectionOf(context);
  const bookmarks = isTrue(query.get("allowWatchBookmarks"));
  const sendInitial = query.get("sendInitialEvents");
  const from = query.get("resourceVersion") ?? "";
  const lines = createLineQueue(request.signal);
  const write = createEventWriter(context, lines.push);
  let sent = Number(from) || server.store.revision();

  function deliver(event: StoreEvent): void {
    const change = visibleChange(event, selection);
    if (change) {
      write(change.type, change.object);
      sent = event.revision;
    } else if (bookmarks && event.revision - sent >= BOOKMARK_INTERVAL) {
      write("BOOKMARK", bookmarkAt(type, event.revision));
      sent = event.revision;
    }
  }

  try {
    const initial = sendInitial === null ? from === "" || from === "0" : isTrue(sendInitial);
    if (initial) {
      const { revision, entries } = server.store.snapshot(type.collection);
      for (const [, object] of entries) if (selection.covers(object)) write("ADDED", object);
      sent = revision;
      if (sendInitial !== null && bookmarks) write("BOOKMARK", bookmarkAt(type, revision, true));
    } else if (from !== "") {
      for (const event of server.store.eventsSince(type.collection, Number(from))) deliver(event);
    }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    lines.push(Promise.resolve(JSON.stringify({ type: "ERROR", object: error.toStatus() })));
    lines.end();
    return { status: 200, headers: { "content-type": "application/json" }, body: lines.iterable };
  }

  /** Whoever watches on from here need not hear again what has passed. */
  function endInTime(): void {
    const now = server.store.revision();
    if (bookmarks && now > sent) write("BOOKMARK", bookmarkAt(type, now));
    lines.end();
  }

  const unsubscribe = server.store.subscribe(type.collection, deliver);
  const cancelTimeout = timeout > 0 ? server.clock.schedule(timeout * 1000, endInTime) : () => {};
  const { group, version, resource } = type;
  const forgetRegistry = server.registry.onChange(() => {
    if (!server.registry.find(group, version, resource)) lines.end();
  });
  lines.onEnd(() => {
    forgetRegistry();
    unsubscribe();
    cancelTimeout();
  });
  return { status: 200, headers: { "content-type": "application/json" }, body: lines.iterable };
}

/** How a change looks through a selection: what comes to be selected is added, what no longer is, deleted. */
function visibleChange(
  event: StoreEvent,
  selection: Selection,
): { type: string; object: KubernetesObject } | undefined {
  const before = event.previous !== undefined && selection.covers(event.previous);
  if (event.type === "DELETED") {
    return before ? { type: "DELETED", object: event.object } : undefined;
  }
  const after = selection.covers(event.object);
  if (after) return { type: before ? "MODIFIED" : "ADDED", object: event.object };
  if (!before || !event.previous) return undefined;
  // The watcher gets the state that it knew, under the revision at which it left the selection.
  const metadata = { ...event.previous.metadata, resourceVersion: String(event.revision) };
  return { type: "DELETED", object: { ...event.previous, metadata } };
}

function bookmarkAt(
  type: RequestContext["type"],
  revision: number,
  initialEventsEnd = false,
): KubernetesObject {
  const metadata = {
    name: "",
    resourceVersion: String(revision),
    ...(initialEventsEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
  };
  return { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
}

/** Writes events as lines in the form and version that the client asked for; they stay in order. */
function createEventWriter(context: RequestContext, push: (line: Promise<string>) => void) {
  const { request, type, server } = context;
  const form = negotiateForm(request.headers.accept);
  let headed = false;
  const format = (eventType: string, changed: KubernetesObject): string => {
    const object = asRead(context, changed);
    if (form === "metadata") return eventLine(eventType, partialMetadata(object));
    if (form === "object" || eventType === "BOOKMARK") return eventLine(eventType, object);
    const table = renderTable(type, [object], {
      now: server.clock.now(),
      query: request.query,
      // Only the first event of a watch names the columns.
      headless: headed,
    });
    headed = true;
    return eventLine(eventType, table);
  };
  const apiVersion = apiVersionOf(type);
  return (eventType: string, object: KubernetesObject): void => {
    const line =
      object.apiVersion === apiVersion
        ? Promise.resolve(format(eventType, object))
        : oneFromStorage(server, type, object).then((converted) => format(eventType, converted));
    push(line);
  };
}

function eventLine(type: string, object: object): string {
  return `{"type":"${type}","object":${frozenText(object)}}`;
}

/** Lines that are pushed on one side and iterated on the other, until either side ends it. */
function createLineQueue(signal: AbortSignal | undefined) {
  let queue: Promise<string>[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const endings: (() => void)[] = [];

  function end(): void {
    if (ended) return;
    ended = true;
    signal?.removeEventListener("abort", end);
    for (const ending of endings) ending();
    wake?.();
  }
  if (signal?.aborted) end();
  else signal?.addEventListener("abort", end, { once: true });

  async function* iterate(): AsyncGenerator<string> {
    try {
      for (;;) {
        const lines = queue;
        queue = [];
        for (const line of lines) {
          if (signal?.aborted) return;
          yield await line;
        }
        if (queue.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    } finally {
      end();
    }
  }

  return {
    push(line: Promise<string>): void {
      if (ended) return;
      queue.push(line);
      wake?.();
    },
    end,
    onEnd(callback: () => void): void {
      if (ended) callback();
      else endings.push(callback);
    },
    iterable: iterate(),
  };
}

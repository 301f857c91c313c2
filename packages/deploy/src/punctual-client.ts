import { type Client, type Clock, ConnectionError, formatDuration } from "@slipway/kubernetes";

/** Longer than the API server's own limit for a request (60 s), so that its answer comes first. */
const limitMs = 75_000;

/**
 * The same client, giving up on requests that are never answered: a server that hangs, or a network that swallows
 * the answer, must not stop a run for ever. Rejects with ConnectionError then; the request may have been carried
 * out all the same. Watches are not limited.
 */
export function punctualClient(client: Client, clock: Clock): Client {
  const within = <T>(work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> => {
    const giveUp = new AbortController();
    const signal = outer ? AbortSignal.any([outer, giveUp.signal]) : giveUp.signal;
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(limitMs, () => {
        const error = new ConnectionError(`the server did not answer within ${formatDuration(limitMs)}`);
        giveUp.abort(error);
        reject(error);
      });
      work(signal).then(resolve, reject).finally(cancel);
    });
  };
  return {
    get: (type, ref, options) =>
      within((signal) => client.get(type, ref, { ...options, signal }), options?.signal),
    list: (type, options) => within((signal) => client.list(type, { ...options, signal }), options?.signal),
    watch: (type, options) => client.watch(type, options),
    serves: (type, options) =>
      within((signal) => client.serves(type, { ...options, signal }), options?.signal),
    create: (type, object, options) =>
      within((signal) => client.create(type, object, { ...options, signal }), options?.signal),
    update: (type, object, options) =>
      within((signal) => client.update(type, object, { ...options, signal }), options?.signal),
    patch: (type, ref, body, options) =>
      within((signal) => client.patch(type, ref, body, { ...options, signal }), options?.signal),
    apply: (type, object, options) =>
      within((signal) => client.apply(type, object, { ...options, signal }), options.signal),
    delete: (type, ref, options) =>
      within((signal) => client.delete(type, ref, { ...options, signal }), options?.signal),
  };
}

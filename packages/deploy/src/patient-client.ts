import { type Client, type Clock, isApiError } from "@slipway/kubernetes";

/** How long a server may go on refusing for lack of time before that is an error. */
const longestMs = 60_000;
const firstPauseMs = 250;

/**
 * The same client, asking again when the server says that it has no time: 429 and 503, after the pause that it
 * names. A real server answers so to lists of a kind whose definition has just come or gone ("storage is
 * (re)initializing"). Such a request was not carried out, so repeating it is safe for writes too.
 */
export function patientClient(
  client: Client,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
): Client {
  async function patiently<T>(request: () => Promise<T>): Promise<T> {
    const since = clock.now();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await request();
      } catch (error) {
        if (!isApiError(error, 429) && !isApiError(error, 503)) throw error;
        if (clock.now() - since > longestMs) throw error;
        await clock.sleep(error.retryAfterMs ?? pauseMs, signal);
      }
    }
  }
  return {
    get: (type, ref, options) => patiently(() => client.get(type, ref, options)),
    list: (type, options) => patiently(() => client.list(type, options)),
    watch: (type, options) => client.watch(type, options),
    serves: (type, options) => patiently(() => client.serves(type, options)),
    create: (type, object, options) => patiently(() => client.create(type, object, options)),
    update: (type, object, options) => patiently(() => client.update(type, object, options)),
    patch: (type, ref, body, options) => patiently(() => client.patch(type, ref, body, options)),
    apply: (type, object, options) => patiently(() => client.apply(type, object, options)),
    delete: (type, ref, options) => patiently(() => client.delete(type, ref, options)),
  };
}

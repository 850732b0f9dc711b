/** How a guarantor's list of what has ended is fetched and read, up to a bound. */

/** More than a list of a guarantor has, in bytes: what is compressed may be anything. */
const mostBytes = 1_048_576;

/** All that a stream gives; undefined where that is more than a list has. */
export async function upToMost(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = stream.getReader();
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks);
    length += value.length;
    chunks.push(value);
    if (length <= mostBytes) continue;
    await reader.cancel();
    return undefined;
  }
}

/** How long a list may take to come, in milliseconds. */
const fetchWithinMs = 10_000;

/** Fetches a list from the guarantor, of a bounded length and in a bounded time. Caches on the way keep it for as long as it says. */
export async function fetchEnded(uri: string): Promise<string> {
  const headers = { accept: "application/statuslist+jwt" };
  const signal = AbortSignal.timeout(fetchWithinMs);
  const reply = await fetch(uri, { headers, redirect: "error", signal });
  if (!reply.ok) throw new Error(`The list of what has ended was not given: ${reply.status}.`);
  const all = reply.body === null ? new Blob() : await upToMost(reply.body);
  if (all === undefined) throw new Error("The list of what has ended is longer than any.");
  return all.text();
}

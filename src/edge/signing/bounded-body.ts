/** Reads bodies up to a length: another server must not decide how much memory is used here. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** All bytes of a stream. Throws TooLargeError at more than `most`, having read no further. */
export async function readAtMost(stream: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > most) throw new TooLargeError(`There are more than ${most} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

/** All bytes of an answer to `fetch`. */
export async function readResponse({ body }: Response, most: number): Promise<Buffer> {
  return body === null ? Buffer.alloc(0) : readAtMost(body, most);
}

/** Forms with files (multipart/form-data, RFC 7578): a few files, up to a bound, and short fields. */
import type { IncomingMessage } from "node:http";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { FastifyRequest } from "fastify";
import { problem, Refusal } from "../../core/protocol/protocol.ts";

const mebibyte = 1024 * 1024;

/**
 * Sizes in bytes. A body beyond `body` is refused before it is read. One that is not is read to its end, also where its file
 * is too large, and thrown away: a browser whose connection is closed while it sends shows an error of its own and no page.
 */
export const uploadLimits = {
  file: 4 * mebibyte,
  files: 1,
  field: 1024,
  fields: 10,
  body: 64 * mebibyte,
} as const;

/** The same of forms with photos: these say more besides, and telephones make large photos. */
export const photoLimits = {
  file: 10 * mebibyte,
  /** More than a form may bring, so that it is said at the field that these are too many. */
  files: 20,
  kept: 5,
  field: 32 * 1024,
  fields: 1100,
  body: 64 * mebibyte,
} as const;

/** Bytes of photos that this process holds at the same time: of all who send some, and of one of them, which is one full form. */
const heldMost = 96 * mebibyte;
const heldOfOne = 52 * mebibyte;
let held = 0;
const heldBy = new Map<string, number>();

/** What one request has brought. It counts while the request lasts, and while somebody works with it. */
interface Brought {
  holder: string;
  bytes: number;
  /** Its sender is answered, or gone. */
  over: boolean;
  atWork: boolean;
}

const brought = new WeakMap<object, Brought>();
const files = new WeakMap<object, Uploaded[]>();
/** Requests whose files were let go before anybody has looked at them. */
const unseen = new WeakSet<object>();

function count(holder: string, bytes: number): number {
  const all = (heldBy.get(holder) ?? 0) + bytes;
  if (all > 0) heldBy.set(holder, all);
  else heldBy.delete(holder);
  held += bytes;
  return all;
}

/** Counts what comes; false where that is too much, or nobody waits for it any more. */
function hold(request: FastifyRequest, bytes: number): boolean {
  const one = brought.get(request.raw);
  if (one === undefined || one.over) return false;
  one.bytes += bytes;
  return count(one.holder, bytes) <= heldOfOne && held <= heldMost;
}

function release({ raw }: FastifyRequest): void {
  const one = brought.get(raw);
  if (one !== undefined) {
    count(one.holder, -one.bytes);
    one.bytes = 0;
  }
  files.delete(raw);
}

/** A request is over: what it has brought is counted no more, unless somebody works with it. */
export function letGo(request: FastifyRequest): void {
  const one = brought.get(request.raw);
  if (one !== undefined) one.over = true;
  if (one?.atWork === true) return;
  if (files.has(request.raw)) unseen.add(request.raw);
  release(request);
}

/** What came as a file: its bytes, or why they are not held. */
export type Uploaded =
  | { bytes: Buffer }
  | { tooLarge: true }
  | { tooMany: true }
  | { busy: true }
  /** The sender is nobody whose photos are taken now. */
  | { notTaken: true };

/** How a form brings files. */
export type Upload =
  | true
  | {
      /** Whose photos are held, by an id of theirs: undefined for whoever has none to bring, whose are thrown away as they come. */
      photosOf: (request: FastifyRequest) => Promise<string | undefined>;
    };

/** The file of a form; undefined where none was chosen. */
export const fileOf = (request: FastifyRequest): Uploaded | undefined => files.get(request.raw)?.[0];

/** Works with all files of a form, in their order. They are held until that is done, whoever has left meanwhile, and no longer. */
export async function withFiles<Value>(
  request: FastifyRequest,
  work: (files: readonly Uploaded[]) => Promise<Value>,
): Promise<Value> {
  const one = brought.get(request.raw);
  if (one !== undefined) one.atWork = true;
  try {
    return await work(unseen.has(request.raw) ? [{ busy: true }] : (files.get(request.raw) ?? []));
  } finally {
    release(request);
  }
}

const malformed = (detail: string): Refusal => new Refusal(problem("malformed_request", detail));

type Limits = typeof uploadLimits | typeof photoLimits;

function readerFor(type: string, { file, files: most, fields, field }: Limits): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": type },
      limits: {
        fileSize: file,
        files: most,
        fields,
        fieldSize: field,
        fieldNameSize: 100,
        parts: fields + most,
      },
    });
  } catch {
    throw malformed("The form does not say where its parts end.");
  }
}

/** Reads a form with files; answers its fields, and keeps the files for {@link withFiles}. */
export async function parseUpload(
  request: FastifyRequest,
  payload: IncomingMessage,
  upload: Upload,
): Promise<Record<string, string>> {
  const limits = upload === true ? uploadLimits : photoLimits;
  const type = request.headers["content-type"] ?? "";
  if (Number(request.headers["content-length"] ?? 0) > limits.body)
    throw new Refusal(problem("body_too_large", `Forms are taken up to ${limits.body} bytes.`));
  const holder = upload === true ? undefined : await upload.photosOf(request);
  // Whoever has left meanwhile sends no more, and nothing would ever end.
  if (payload.destroyed) throw malformed("The form has ended in its middle.");
  if (holder !== undefined) brought.set(request.raw, { holder, bytes: 0, over: false, atWork: false });
  const reader = readerFor(type, limits);
  return new Promise((resolve, reject) => {
    const told = Object.create(null) as Record<string, string>;
    let received = 0;
    /** What is left of the body is read and forgotten, so that whoever sends it reads the answer. */
    const give = (refused: Refusal) => {
      payload.unpipe(reader);
      payload.resume();
      reject(refused);
    };
    payload.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received <= limits.body) return;
      payload.pause();
      reject(new Refusal(problem("body_too_large")));
    });
    payload.on("error", () => reject(malformed("The form has ended in its middle.")));
    reader.on("error", () => give(malformed("The form is cut, or its parts cannot be told apart.")));
    for (const beyond of ["filesLimit", "fieldsLimit", "partsLimit"] as const)
      reader.on(beyond, () => give(malformed("The form has more parts than are taken.")));
    reader.on("field", (name, value, nameCut, valueCut) => {
      if (nameCut || valueCut || name === "__proto__" || name in told)
        give(malformed("A field of the form is too long, stands twice, or has a name that is not taken."));
      else told[name] = value;
    });
    reader.on("file", (_name, stream) => {
      if (upload === true) keepFile(request, stream, false);
      else if (holder === undefined) noteFile(request, stream, { notTaken: true });
      else if ((files.get(request.raw)?.length ?? 0) < photoLimits.kept) keepFile(request, stream, true);
      else noteFile(request, stream, { tooMany: true });
    });
    reader.on("finish", () => resolve(told));
    payload.pipe(reader);
  });
}

function keptOf({ raw }: FastifyRequest): Uploaded[] {
  const kept = files.get(raw) ?? [];
  files.set(raw, kept);
  return kept;
}

/** Notes that something came, and throws it away. A browser sends an empty file where nothing was chosen. */
function noteFile(request: FastifyRequest, stream: NodeJS.ReadableStream, why: Uploaded): void {
  const kept = keptOf(request);
  stream.once("data", () => kept.push(why));
  stream.on("error", () => undefined);
  stream.resume();
}

/** Keeps what comes as one file, as long as its request lasts. `counted`: among what is held of all who send photos. */
function keepFile(
  request: FastifyRequest,
  stream: NodeJS.ReadableStream & { truncated?: boolean },
  counted: boolean,
): void {
  const kept = keptOf(request);
  let chunks: Buffer[] | undefined = [];
  // What was read of it is let go at once.
  const refuse = (why: Uploaded) => {
    if (chunks === undefined) return;
    chunks = undefined;
    kept.push(why);
  };
  stream.on("data", (chunk: Buffer) => {
    if (chunks === undefined) return;
    if (counted && !hold(request, chunk.length)) refuse({ busy: true });
    else chunks.push(chunk);
  });
  stream.on("limit", () => refuse({ tooLarge: true }));
  stream.on("error", () => undefined);
  stream.on("end", () => {
    if (chunks === undefined || stream.truncated === true) return;
    const bytes = Buffer.concat(chunks);
    chunks = undefined;
    // A browser sends an empty one where nothing was chosen.
    if (bytes.length > 0) kept.push({ bytes });
  });
}

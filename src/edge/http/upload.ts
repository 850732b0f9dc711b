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

/** Bytes of photos that this process holds at the same time, of all who send some. */
const heldMost = 96 * mebibyte;
let held = 0;
const heldFor = new WeakMap<object, number>();

function hold(request: FastifyRequest, bytes: number): boolean {
  held += bytes;
  heldFor.set(request.raw, (heldFor.get(request.raw) ?? 0) + bytes);
  return held <= heldMost;
}

/** A request is over, and what it has brought is counted no more. */
export function letGo(request: FastifyRequest): void {
  held -= heldFor.get(request.raw) ?? 0;
  heldFor.delete(request.raw);
  files.delete(request.raw);
}

/** What came as a file: its bytes, or why they are not held. */
export type Uploaded = { bytes: Buffer } | { tooLarge: true } | { tooMany: true } | { busy: true };

/** How a form brings files. */
export type Upload =
  | true
  | {
      /** Whether the caller is somebody whose photos are held: those of others are thrown away as they come. */
      photosOf: (request: FastifyRequest) => Promise<boolean>;
    };

const files = new WeakMap<object, Uploaded[]>();

/** The file of a form; undefined where none was chosen. */
export const fileOf = (request: FastifyRequest): Uploaded | undefined => files.get(request.raw)?.[0];

/** All files of a form, in their order. */
export const filesOf = (request: FastifyRequest): readonly Uploaded[] => files.get(request.raw) ?? [];

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

/** Reads a form with files; answers its fields, and keeps the files for {@link filesOf}. */
export async function parseUpload(
  request: FastifyRequest,
  payload: IncomingMessage,
  upload: Upload,
): Promise<Record<string, string>> {
  const limits = upload === true ? uploadLimits : photoLimits;
  const type = request.headers["content-type"] ?? "";
  if (Number(request.headers["content-length"] ?? 0) > limits.body)
    throw new Refusal(problem("body_too_large", `Forms are taken up to ${limits.body} bytes.`));
  const keeps = upload === true || (await upload.photosOf(request));
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
      if (!keeps) stream.resume();
      else if (upload === true) keepFile(request, stream, false);
      else if (filesOf(request).length < photoLimits.kept) keepFile(request, stream, true);
      else {
        files.get(request.raw)?.push({ tooMany: true });
        stream.resume();
      }
    });
    reader.on("finish", () => resolve(told));
    payload.pipe(reader);
  });
}

/** Keeps what comes as one file, as long as its request lasts. `counted`: among what is held of all who send photos. */
function keepFile(
  request: FastifyRequest,
  stream: NodeJS.ReadableStream & { truncated?: boolean },
  counted: boolean,
): void {
  const brought = files.get(request.raw) ?? [];
  files.set(request.raw, brought);
  let chunks: Buffer[] | undefined = [];
  // What was read of it is let go at once.
  const refuse = (why: Uploaded) => {
    if (chunks === undefined) return;
    chunks = undefined;
    brought.push(why);
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
    if (bytes.length > 0) brought.push({ bytes });
  });
}

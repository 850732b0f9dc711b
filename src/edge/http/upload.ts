/** Forms with a file (multipart/form-data, RFC 7578): one file, up to a bound, and a few short fields. */
import type { IncomingMessage } from "node:http";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { FastifyRequest } from "fastify";
import { problem, Refusal } from "../../core/protocol/protocol.ts";

/**
 * Sizes in bytes. A body beyond `body` is refused before it is read. One that is not is read to its end, also where its file
 * is too large, and thrown away: a browser whose connection is closed while it sends shows an error of its own and no page.
 */
export const uploadLimits = {
  file: 4 * 1024 * 1024,
  field: 1024,
  fields: 10,
  body: 64 * 1024 * 1024,
} as const;

/** What came as a file: its bytes, or that it was larger than what is taken. */
type Uploaded = { bytes: Buffer } | { tooLarge: true };

const files = new WeakMap<object, Uploaded>();

/** The file of a form; undefined where none was chosen. */
export const fileOf = (request: FastifyRequest): Uploaded | undefined => files.get(request.raw);

const malformed = (detail: string): Refusal => new Refusal(problem("malformed_request", detail));

/** Reads a form with a file; answers its fields, and keeps the file for {@link fileOf}. */
export async function parseUpload(
  request: FastifyRequest,
  payload: IncomingMessage,
): Promise<Record<string, string>> {
  const type = request.headers["content-type"] ?? "";
  if (Number(request.headers["content-length"] ?? 0) > uploadLimits.body)
    throw new Refusal(problem("body_too_large", `Forms are taken up to ${uploadLimits.body} bytes.`));
  const { file, field: fieldSize, fields, body: most } = uploadLimits;
  let reader: BusboyInstance;
  try {
    reader = new Busboy({
      headers: { "content-type": type },
      limits: { fileSize: file, files: 1, fields, fieldSize, fieldNameSize: 100, parts: fields + 1 },
    });
  } catch {
    throw malformed("The form does not say where its parts end.");
  }
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
      if (received <= most) return;
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
      let chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      // What was read of it is let go at once.
      stream.on("limit", () => {
        chunks = [];
        files.set(request.raw, { tooLarge: true });
      });
      stream.on("error", () => undefined);
      stream.on("end", () => {
        if (stream.truncated) return;
        const bytes = Buffer.concat(chunks);
        // A browser sends an empty one where nothing was chosen.
        if (bytes.length > 0) files.set(request.raw, { bytes });
      });
    });
    reader.on("finish", () => resolve(told));
    payload.pipe(reader);
  });
}

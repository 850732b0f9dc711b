/** Photos that come with a form of a page: kept first, so that nothing else that is wrong with the form loses them. */
import type { FastifyRequest } from "fastify";
import { type Problem, Refusal } from "../../core/protocol/protocol.ts";
import { mostPhotos } from "../../core/protocol/schemas.ts";
import type { Database } from "../../storage/database/database.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import { photoLimits, type Uploaded, withFiles } from "../http/http.ts";
import { say, type Sentence } from "../words/words.ts";
import type { Photos } from "./photo-book.ts";

/** The digests of what is kept, as the form carries them, and what stands in the way of the rest. */
export interface FormPhotos {
  photos: string;
  wrong?: { errors: { photos: Sentence } } | { problem: Problem };
}

const size = photoLimits.file / 1024 / 1024;

/** What a refusal is called at the field. */
function mistakeOf({ code }: Problem): Sentence | undefined {
  if (code === "photo_refused") return say("mistake.photo");
  if (code === "too_many_photos") return say("mistake.photosFull");
  return code === "overloaded" ? say("mistake.photosBusy") : undefined;
}

interface Room {
  photos: Photos;
  trades: TradeCalls<"desk">;
  database: Database;
}

/** Who brings the photos, and to which trade. `before`: the digests of those that were kept when the form was sent the last time. */
interface Bringing {
  actor: Actor;
  number: string;
  before: string | undefined;
}

/** Keeps the photos of a form. */
export function keepFormPhotos(room: Room, request: FastifyRequest, bringing: Bringing): Promise<FormPhotos> {
  return withFiles(request, (files) => keepAll(room, files, bringing));
}

async function keepAll(
  { photos, trades, database }: Room,
  files: readonly Uploaded[],
  { actor, number, before }: Bringing,
): Promise<FormPhotos> {
  const kept = new Set((before ?? "").split(" ").filter((each) => each !== ""));
  const known = (wrong?: FormPhotos["wrong"]): FormPhotos => {
    const named = { photos: [...kept].join(" ") };
    return wrong === undefined ? named : { ...named, wrong };
  };
  const mistaken = (photos: Sentence) => known({ errors: { photos } });
  if (files.length === 0) return known();
  if (kept.size + files.length > mostPhotos) return mistaken(say("mistake.photoMany", { most: mostPhotos }));
  let mistake: Sentence | undefined;
  try {
    await photos.mayBring(trades, actor, number);
    for (const file of files) {
      if (!("bytes" in file)) {
        mistake = "tooLarge" in file ? say("mistake.photoLarge", { size }) : say("mistake.photosBusy");
        continue;
      }
      const image = await photos.made(actor.id, file.bytes).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.problem.code !== "photo_refused") throw error;
        mistake = mistakeOf(error.problem);
        return undefined;
      });
      if (image === undefined) continue;
      const { digest } = await inTransaction(database, (client) => photos.keep(client, actor, number, image));
      kept.add(digest);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { problem } = error;
    mistake = mistakeOf(problem);
    if (mistake === undefined) return known({ problem });
  }
  return mistake === undefined ? known() : mistaken(mistake);
}

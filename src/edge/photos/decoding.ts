/**
 * A process of its own that makes photos anew. What strangers send is read here and nowhere else: it has no key, no connection and no
 * environment, and where a file breaks it or fills its memory, nothing but it ends.
 */
import sharp from "sharp";
import type { DecodedJob, DecodingJob } from "./decoder.ts";

/** In pixels, and in bytes of this process's memory. A telephone's largest photos have 48 million pixels. */
const mostPixels = 50_000_000;
const mostMemory = 512 * 1024 * 1024;
const lookEveryMs = 20;
const mostSeconds = 8;
/** The first of these that is small enough is taken. */
const tries = [
  { side: 1600, quality: 80 },
  { side: 1600, quality: 60 },
  { side: 1200, quality: 55 },
  { side: 800, quality: 45 },
] as const;

sharp.cache(false);
sharp.concurrency(1);
// Of all that the library can read, only what is asked for: no SVG, no PDF, no animation formats.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"],
});

/** The first picture of a file as a JPEG of its own, upright, in sRGB and without anything that was written beside it. */
async function madeAnew({ bytes, most }: DecodingJob): Promise<Uint8Array | undefined> {
  for (const { side, quality } of tries) {
    const made = await sharp(bytes, { limitInputPixels: mostPixels, failOn: "error", pages: 1 })
      .timeout({ seconds: mostSeconds })
      .autoOrient()
      .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .jpeg({ quality })
      .toBuffer();
    if (made.length <= most) return made;
  }
  return undefined;
}

setInterval(() => {
  if (process.memoryUsage.rss() > mostMemory) process.exit(1);
}, lookEveryMs).unref();

process.on("message", (job: DecodingJob) => {
  const answer = (made: Uint8Array | undefined) => process.send?.({ id: job.id, made } satisfies DecodedJob);
  madeAnew(job).then(answer, () => answer(undefined));
});
process.on("disconnect", () => process.exit(0));

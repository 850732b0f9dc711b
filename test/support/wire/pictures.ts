/** Pictures as people and cheats send them, made here: good ones, huge ones, and files that are two things at once. */
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** A picture with a colour of its own, and with what cameras write beside it. */
export function photo(
  format: "jpeg" | "png" | "webp" = "jpeg",
  { width = 640, height = 480, shade = 120, text = "35.0116 N 135.7681 E" } = {},
): Promise<Buffer> {
  const background = { r: shade, g: 80, b: 200 };
  return sharp({ create: { width, height, channels: 3, background } })
    .withExif({
      IFD0: { ImageDescription: text, Make: "Camera of Hanako" },
      IFD3: { GPSLatitude: "35/1 0/1 42/1" },
    })
    .toFormat(format)
    .toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that says that it has so many pixels, and is small as a file: its lines are all the same. */
export function hugePng(width: number, height: number, lines = 10): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((width * 3 + 1) * lines));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A JPEG with a comment, which a careless reader might take for a page. */
export function withComment(jpeg: Buffer, text: string): Buffer {
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}

/** Two pictures one after another, as a WebP that moves. */
export async function movingWebp(): Promise<Buffer> {
  const frames = Buffer.concat(
    await Promise.all(
      [10, 240].map((shade) =>
        sharp({
          create: { width: 64, height: 64, channels: 3, background: { r: shade, g: shade, b: shade } },
        })
          .raw()
          .toBuffer(),
      ),
    ),
  );
  return sharp(frames, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
}

export const svg = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><script>alert(1)</script><rect width="100" height="100"/></svg>${" ".repeat(100)}`,
);

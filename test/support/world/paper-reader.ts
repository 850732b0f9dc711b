/** Reads papers as a counter does: as a picture, by a decoder that is not the one that made the bars. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { prepareZXingModule, type ReadResult, readBarcodes } from "zxing-wasm/reader";

const wasm = await readFile(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")));
// Without the file it would be fetched from the network.
await prepareZXingModule({
  overrides: { wasmBinary: new Uint8Array(wasm).buffer },
  fireImmediately: true,
});

export interface Picture {
  width: number;
  height: number;
  /** Four bytes a dot. */
  data: Uint8Array;
}

/** The pages of a PDF as pictures; `scale` in dots a point. */
export async function picturesOf(pdf: Uint8Array, scale = 3): Promise<Picture[]> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    const pictures: Picture[] = [];
    for (const page of document.pages()) {
      const { width, height, data } = await page.render({ scale, render: "bitmap" });
      pictures.push({ width, height, data });
    }
    document.destroy();
    return pictures;
  } finally {
    library.destroy();
  }
}

/** What a scanner reads on a page. */
export function barcodesOn({ width, height, data }: Picture): Promise<ReadResult[]> {
  const image = { width, height, data: new Uint8ClampedArray(data), colorSpace: "srgb" as const };
  return readBarcodes(image, { formats: ["Code128"] });
}

/** How many dots of a part of a page are not white; the part in millimetres. */
export function inkIn(
  { width, height, data }: Picture,
  part: { x: number; y: number; width: number; height: number },
): number {
  const perMm = width / 210;
  let dark = 0;
  for (let y = Math.round(part.y * perMm); y < Math.min(height, (part.y + part.height) * perMm); y += 1)
    for (let x = Math.round(part.x * perMm); x < Math.min(width, (part.x + part.width) * perMm); x += 1)
      if ((data[(y * width + x) * 4] ?? 255) < 128) dark += 1;
  return dark;
}

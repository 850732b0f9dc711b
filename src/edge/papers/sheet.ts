/** Sheets of paper to draw on: text that fits its place, lines and bars. Places are in millimetres from the top left. */
import { type Fonts, openFonts, printable } from "./fonts.ts";

/** A finished paper. */
export interface Paper {
  pdf: Uint8Array;
  /** Characters that could not be printed, each once, for somebody to write them by hand. */
  missing: readonly string[];
}

export type PaperLanguage = "en" | "ja";

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Look {
  /** In points; where the text does not fit its place, it becomes smaller, down to `least`. */
  size: number;
  least?: number;
  bold?: boolean;
  align?: "left" | "center" | "right";
  middle?: boolean;
  /** Between characters, in points. */
  spacing?: number;
}

export interface Sheet {
  text(text: string, place: Place, look: Look): void;
  line(from: readonly [x: number, y: number], to: readonly [x: number, y: number], dashed?: boolean): void;
  frame(place: Place): void;
  /** Black bars, each from its left edge. */
  bars(bars: readonly { x: number; width: number }[], y: number, height: number): void;
  nextPage(): void;
}

export interface Heading {
  lang: PaperLanguage;
  title: string;
  /** Who makes it. */
  author: string;
  at: Date;
}

/** A sheet of A4, in millimetres. */
export const a4 = { width: 210, height: 297 } as const;

const points = (mm: number): number => (mm * 72) / 25.4;
const usualLeast = 5;
const stepDown = 0.5;
/** The typeface's own lines stand far apart. */
const tighter = -0.2;

/** Makes a paper: `draw` draws on its first page. */
export async function makePaper(heading: Heading, draw: (sheet: Sheet) => void): Promise<Paper> {
  const fonts = await openFonts();
  const { lang, title, author, at } = heading;
  const shown = printable(title, fonts.known).text;
  const info = { Title: shown, Author: printable(author, fonts.known).text, CreationDate: at, ModDate: at };
  // Read when the first paper is made: a server starts without it.
  const { default: PDFDocument } = await import("pdfkit");
  const document = new PDFDocument({ size: "A4", margin: 0, lang, displayTitle: true, info });
  const chunks: Uint8Array[] = [];
  const made = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  document.registerFont("plain", fonts.plain);
  document.registerFont("bold", fonts.bold);
  const missing = new Set<string>();
  draw(sheetOf(document, fonts, missing));
  document.end();
  await made;
  return { pdf: Buffer.concat(chunks), missing: [...missing] };
}

function sheetOf(document: PDFKit.PDFDocument, { known }: Fonts, missing: Set<string>): Sheet {
  return {
    text: (text, place, look) => {
      const written = printable(text, known);
      for (const one of written.missing) missing.add(one);
      setText(document, written.text, place, look);
    },
    line: ([x1, y1], [x2, y2], dashed = false) => {
      document.save().lineWidth(0.5);
      if (dashed) document.dash(2, { space: 2 });
      document.moveTo(points(x1), points(y1)).lineTo(points(x2), points(y2)).stroke().restore();
    },
    frame: ({ x, y, width, height }) => {
      document.save().lineWidth(0.5);
      document.rect(points(x), points(y), points(width), points(height)).stroke().restore();
    },
    bars: (bars, y, height) => {
      for (const { x, width } of bars) document.rect(points(x), points(y), points(width), points(height));
      document.fill("black");
    },
    nextPage: () => {
      document.addPage();
    },
  };
}

/** Sets a text as large as it is wished for and its place allows; what does not fit at the least size ends with dots. */
function setText(document: PDFKit.PDFDocument, text: string, place: Place, look: Look): void {
  const { least = Math.min(usualLeast, look.size), align = "left", spacing = 0 } = look;
  const [width, height] = [points(place.width), points(place.height)];
  document.font(look.bold === true ? "bold" : "plain");
  const optionsAt = (size: number) => ({ width, align, characterSpacing: spacing, lineGap: size * tighter });
  const heightAt = (size: number): number =>
    document.fontSize(size).heightOfString(text, optionsAt(size)) - size * tighter;
  let size = look.size;
  while (size > least && heightAt(size) > height) size = Math.max(least, size - stepDown);
  const free = height - heightAt(size);
  const down = look.middle === true && free > 0 ? free / 2 : 0;
  document.fillColor("black").text(text, points(place.x), points(place.y) + down, {
    ...optionsAt(size),
    ...(free < 0 ? { height, ellipsis: true } : {}),
  });
}

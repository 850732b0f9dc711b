/**
 * The bar code of a trade number: GS1-128 with the application identifier 91, "company internal information". What a counter
 * needs is the number alone, with its check digit: how much is due is the institution's to say, at that moment. (415) and
 * (8020), the payment slip of GS1, need a location number that GS1 has given to the one who issues the slip, and the form of
 * the Japanese convenience stores an issuer's code; neither is anybody's to make up.
 */
/** Bars and their places in modules, the narrowest width there is. */
export interface Barcode {
  bars: readonly { at: number; width: number }[];
  width: number;
  /** What people read below it. */
  text: string;
}

export async function barcodeOf(number: string): Promise<Barcode> {
  const text = `(91)${number}`;
  // Read when the first one is drawn: a server that draws none need not know every kind of bar code.
  const { default: bwipjs } = await import("bwip-js");
  const [symbol] = bwipjs.raw("gs1-128", text);
  if (symbol === undefined || !("sbs" in symbol)) throw new Error("A bar code is made of bars.");
  const bars: { at: number; width: number }[] = [];
  let at = 0;
  for (const [index, width] of symbol.sbs.entries()) {
    if (index % 2 === 0) bars.push({ at, width });
    at += width;
  }
  return { bars, width: at, text };
}

/** A text as a QR code: one path of squares, each a unit wide, in a field with so many to a side, its white edge among them. */
export interface Squares {
  path: string;
  side: number;
}

/** Readers look for so much white around it. */
const edge = 4;

/** For a screen that a camera reads. */
export async function squaresOf(text: string): Promise<Squares> {
  const { default: bwipjs } = await import("bwip-js");
  const [symbol] = bwipjs.raw("qrcode", text);
  if (symbol === undefined || !("pixs" in symbol)) throw new Error("A QR code is made of squares.");
  const { pixs, pixx } = symbol;
  const dark = [...pixs.entries()].filter(([, each]) => each === 1);
  const path = dark.map(([index]) => `M${(index % pixx) + edge} ${Math.floor(index / pixx) + edge}h1v1h-1z`);
  return { path: path.join(""), side: pixx + 2 * edge };
}

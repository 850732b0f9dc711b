/** What machines read of a number or an address: bars and squares, black on white whatever the page looks like. */
import bwipjs from "bwip-js";

/** White space around a symbol, in modules, without which readers do not find it. */
const [besideBars, aroundSquares] = [10, 4];

/** Digits as Code 128, which every hand scanner types as they are. */
export function Bars({ digits }: { digits: string }) {
  const [symbol] = bwipjs.raw("code128", digits);
  if (symbol === undefined || !("sbs" in symbol)) throw new Error("A bar code is made of bars.");
  let at = besideBars;
  let path = "";
  for (const [index, width] of symbol.sbs.entries()) {
    if (index % 2 === 0) path += `M${at} 0h${width}v40h-${width}z`;
    at += width;
  }
  const width = at + besideBars;
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${width} 40`}
      width={width * 2}
      height="80"
      role="img"
      aria-label={digits}
      shape-rendering="crispEdges"
    >
      <rect width={width} height="40" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** An address as a QR code. */
export function Squares({ address, label }: { address: string; label: string }) {
  const [symbol] = bwipjs.raw("qrcode", address);
  if (symbol === undefined || !("pixs" in symbol)) throw new Error("A QR code is made of squares.");
  const { pixs, pixx } = symbol;
  let path = "";
  for (const [index, dark] of pixs.entries())
    if (dark === 1)
      path += `M${(index % pixx) + aroundSquares} ${Math.floor(index / pixx) + aroundSquares}h1v1h-1z`;
  const side = pixx + 2 * aroundSquares;
  return (
    <svg
      class="squares"
      viewBox={`0 0 ${side} ${side}`}
      width="180"
      height="180"
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** What the pages fetch. An address carries a hash of what it names, so a browser may keep it for ever. */
import { stylesheet } from "./style.ts";

export interface Asset {
  path: string;
  /** The media type, for the Content-Type header. */
  type: string;
  body: string;
}

/** FNV-1a of 64 bits. It only has to change when the content does; nothing is kept safe by it. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash ^= BigInt(character.codePointAt(0) ?? 0);
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

function asset(name: string, ending: string, type: string, body: string): Asset {
  return { path: `/assets/${name}-${fingerprint(body)}.${ending}`, type, body };
}

/** The seal of the brand: a red field and a tick, as pressed on a slip when the goods are right. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="1" y="1" width="30" height="30" rx="7" fill="#b3262b"/><path d="M9 16.5l5 5L24 10.5" fill="none" stroke="#fff8f2" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const stylesheetAsset = asset("kenshu", "css", "text/css; charset=utf-8", stylesheet);
export const iconAsset = asset("seal", "svg", "image/svg+xml", icon);

/** Every file that a page asks for. Serve each with `Cache-Control: public, max-age=31536000, immutable`. */
export const assets: readonly Asset[] = [stylesheetAsset, iconAsset];

/** The Content-Security-Policy under which the pages work: no script, nothing inline, nothing from elsewhere. */
export const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

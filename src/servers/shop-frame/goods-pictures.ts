/** How the goods look, and the other files that the shop's pages fetch from it. */
import { sha256 } from "../shop-orders/shop-orders.ts";

/** Drawings on a field of 320 by 240; nothing is fetched from anywhere else. */
const drawings: Record<string, [ground: string, drawing: string]> = {
  "tea-set": [
    "#e4ece2",
    `<ellipse cx="160" cy="196" rx="126" ry="14" fill="#c9d6c6"/><path d="M78 96h92c4 46-12 92-46 92S74 142 78 96z" fill="#5c7f63"/><path d="M168 116c34-8 48-30 62-26 6 2 4 10-2 14-20 12-26 40-58 46z" fill="#5c7f63"/><path d="M80 112c-34-4-40 44 4 46" fill="none" stroke="#5c7f63" stroke-width="12"/><path d="M84 96c8-22 72-22 80 0z" fill="#496a50"/><circle cx="124" cy="74" r="8" fill="#496a50"/><path d="M206 150h66c0 26-12 42-33 42s-33-16-33-42z" fill="#f7f5ee"/><ellipse cx="239" cy="150" rx="33" ry="8" fill="#b9c98f"/>`,
  ],
  "iron-kettle": [
    "#e8e2d8",
    `<ellipse cx="160" cy="200" rx="120" ry="14" fill="#d2c8b8"/><path d="M94 96C98 26 222 26 226 96" fill="none" stroke="#3a3835" stroke-width="10"/><path d="M72 150c0-40 38-58 88-58s88 18 88 58-36 50-88 50-88-10-88-50z" fill="#3a3835"/><path d="M84 130l-40-22 8-12 52 18z" fill="#3a3835"/><ellipse cx="160" cy="94" rx="44" ry="10" fill="#524f4a"/><circle cx="160" cy="80" r="8" fill="#8a5a34"/><g fill="#5d5a54"><circle cx="112" cy="140" r="4"/><circle cx="136" cy="136" r="4"/><circle cx="160" cy="134" r="4"/><circle cx="184" cy="136" r="4"/><circle cx="208" cy="140" r="4"/><circle cx="124" cy="158" r="4"/><circle cx="148" cy="156" r="4"/><circle cx="172" cy="156" r="4"/><circle cx="196" cy="158" r="4"/></g>`,
  ],
  furoshiki: [
    "#e3e6f1",
    `<ellipse cx="160" cy="204" rx="112" ry="12" fill="#ccd1e2"/><path d="M70 200c-8-60 20-104 90-112 70 8 98 52 90 112z" fill="#2f4a8a"/><path d="M158 92c-30-10-52-46-38-58s38 20 42 48c4-28 30-60 44-48s-12 50-42 58z" fill="#3d5da6"/><g fill="none" stroke="#dfe6f7" stroke-width="3"><path d="M96 200a24 24 0 0 1 48 0M108 200a12 12 0 0 1 24 0M144 200a24 24 0 0 1 48 0M156 200a12 12 0 0 1 24 0M192 200a24 24 0 0 1 48 0M204 200a12 12 0 0 1 24 0M120 168a24 24 0 0 1 48 0M132 168a12 12 0 0 1 24 0M168 168a24 24 0 0 1 48 0M180 168a12 12 0 0 1 24 0"/></g>`,
  ],
  incense: [
    "#efe4e2",
    `<ellipse cx="160" cy="204" rx="104" ry="12" fill="#dccbc8"/><path d="M92 156h136l-14 46H106z" fill="#8a3b34"/><ellipse cx="160" cy="156" rx="68" ry="12" fill="#6d2c27"/><ellipse cx="160" cy="156" rx="56" ry="8" fill="#e8dccf"/><path d="M138 154l-6-84M160 154V60M182 154l6-84" stroke="#5b4a3b" stroke-width="4"/><g fill="none" stroke="#b9a7a2" stroke-width="4" stroke-linecap="round"><path d="M160 52c-14-12 12-20 0-36M188 62c-10-10 10-16 0-28M132 62c-10-10 10-16 0-28"/></g>`,
  ],
  "santoku-knife": [
    "#e2e8ea",
    `<ellipse cx="166" cy="178" rx="136" ry="10" fill="#ccd6da"/><path d="M118 96h152c24 18 30 40 24 58H118z" fill="#c3ccd1"/><path d="M118 132c60 12 120 14 178 6-1 6-1 11-2 16H118z" fill="#eef2f4"/><path d="M28 98h90v30H36c-10 0-12-20-8-30z" fill="#6b4a2f"/><rect x="106" y="96" width="14" height="34" fill="#2d2b29"/><path d="M246 108l8 14M256 108v16M266 108l-8 16" stroke="#7d8a91" stroke-width="3"/>`,
  ],
  "lacquer-bowl": [
    "#f0e6da",
    `<ellipse cx="160" cy="204" rx="96" ry="12" fill="#dccdb9"/><path d="M58 100h204c0 56-44 88-102 88S58 156 58 100z" fill="#a3221f"/><path d="M118 184h84l6 18h-96z" fill="#7d1715"/><ellipse cx="160" cy="100" rx="102" ry="22" fill="#2a1413"/><ellipse cx="160" cy="106" rx="82" ry="14" fill="#c9973f"/><path d="M84 126c30 26 64 30 88 28" fill="none" stroke="#d2605a" stroke-width="6" stroke-linecap="round"/><path d="M196 62l64-46M208 70l70-38" stroke="#3b2a20" stroke-width="7" stroke-linecap="round"/>`,
  ],
  notebook: [
    "#ece8f0",
    `<path d="M96 44h148v168H96z" fill="#c9bfd6"/><path d="M84 34h148v168H84z" fill="#4b3a68"/><path d="M84 34h24v168H84z" fill="#38294f"/><g stroke="#efe9f6" stroke-width="4"><path d="M84 58h24M84 88h24M84 118h24M84 148h24M84 178h24"/></g><rect x="132" y="62" width="74" height="46" fill="#efe9f6"/><path d="M144 78h50M144 92h34" stroke="#4b3a68" stroke-width="4"/><path d="M216 202v26l-10-10-10 10v-26z" fill="#b3262b"/>`,
  ],
  umbrella: [
    "#dfeaf0",
    `<ellipse cx="160" cy="222" rx="60" ry="8" fill="#c8d8e1"/><path d="M160 40v160c0 24-34 24-34 2" fill="none" stroke="#5f4632" stroke-width="8" stroke-linecap="round"/><path d="M40 128C52 66 104 36 160 36s108 30 120 92c-18-14-36-14-48 2-16-16-32-16-48 0-16-16-32-16-48 0-16-16-32-16-48 0-12-16-30-16-48-2z" fill="#1f6f8b"/><path d="M160 36c-28 20-44 52-48 94M160 36c28 20 44 52 48 94" fill="none" stroke="#9fd0df" stroke-width="3"/><path d="M160 22v16" stroke="#5f4632" stroke-width="6" stroke-linecap="round"/>`,
  ],
};

const stylesheet = `.goods { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr)); gap: 1rem;
  list-style: none; }
.goods .sheet { display: flex; flex-direction: column; height: 100%; overflow: hidden; padding: 0; }
.goods .sheet > * + * { margin-top: 0; }
.goods h2 { font-size: 1.125rem; }
.goods h2 a { color: inherit; text-decoration: none; }
.goods h2 a::after { content: ""; position: absolute; inset: 0; }
.goods h2 a:focus-visible { outline: none; }
.goods .sheet:has(a:focus-visible) { outline: 3px solid var(--focus); outline-offset: 3px; }
.goods .sheet { position: relative; }
.goods .words { padding: .875rem 1.125rem 1.125rem; flex: 1; display: flex; flex-direction: column; gap: .25rem; }
.goods .words .amount { margin-top: auto; font-size: 1.125rem; font-weight: 600; }
.picture { display: block; width: 100%; height: auto; aspect-ratio: 4 / 3; object-fit: cover; }
.sheet > .picture { border-radius: .5rem; }
.cart { list-style: none; }
.cart > li { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: .25rem 1rem; padding: 1rem 0;
  border-top: 1px solid var(--line); align-items: start; }
.cart > li:first-child { border-top: 0; padding-top: 0; }
.cart img { width: 5rem; height: 3.75rem; border-radius: .375rem; grid-row: span 2; }
.cart .row { grid-column: 2; gap: .5rem; }
@media (max-width: 29.99rem) { .cart img { grid-row: auto; } .cart .row { grid-column: 1 / -1; margin-top: .5rem; } }
.cart form { display: flex; gap: .5rem; align-items: end; margin: 0; }
.cart form > * + * { margin-top: 0; }
.cart .field label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.cart input.short { width: 4.75rem; }
.cart .button { padding-left: .875rem; padding-right: .875rem; white-space: nowrap; }
.other { display: none; }
form:has(#receiver-other:checked) .other { display: block; }
@supports not selector(:has(a)) { .other { display: block; } }
.queues .count { font-variant-numeric: tabular-nums; }
.search { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.search .field { flex: 1 1 16rem; }
.search > * + * { margin-top: 0; }
.figures { grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .375rem 1rem; }
.bars, .squares { max-width: 100%; height: auto; }
.squares { width: 11rem; }
@media print { .paper { border: 0; box-shadow: none; break-after: page; } .paper:last-child { break-after: auto; } }
`;

export interface ShopFile {
  path: string;
  type: string;
  body: string;
}

function file(name: string, ending: string, type: string, body: string): ShopFile {
  return { path: `/assets/${name}-${sha256(body).toString("hex").slice(0, 16)}.${ending}`, type, body };
}

const pictures = new Map(
  Object.entries(drawings).map(([id, [ground, drawing]]) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240"><rect width="320" height="240" fill="${ground}"/>${drawing}</svg>`;
    return [id, file(`goods-${id}`, "svg", "image/svg+xml", svg)] as const;
  }),
);

const wrapped = file(
  "goods-parcel",
  "svg",
  "image/svg+xml",
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240"><rect width="320" height="240" fill="#e9e4da"/><path d="M80 70h160v120H80z" fill="#b78b57"/><path d="M148 70h24v120h-24z" fill="#e3cda9"/></svg>`,
);

export const shopStyles = file("shop", "css", "text/css; charset=utf-8", stylesheet);

/** The address of a product's picture; a parcel where there is none. */
export function pictureOf(product: string): string {
  return (pictures.get(product) ?? wrapped).path;
}

export const shopFiles: readonly ShopFile[] = [shopStyles, wrapped, ...pictures.values()];

/** What the forms of the shop have in common: their keys, how they are read, and what is said of their mistakes. */
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { katakana, Refusal } from "../../core/protocol/protocol.ts";
import type { Sentence } from "../../edge/words/words.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { shopSay, type ShopWordKey } from "../shop-words/shop-words.ts";

/** Made with the page, so that the same page sent twice is one order, one refund, one notice. */
export const formKey = Type.String({ pattern: "^[A-Za-z0-9_-]{22,128}$", description: "The page's own key" });
/** Of the trade that the page showed, on which whoever presses the button decides. */
export const versionField = Type.String({
  pattern: "^[1-9][0-9]{0,9}$",
  description: "The version of the trade",
});
export const emptyForm = closed({});

/** Which version of the trade a form showed: one that does not say so has seen the first, as where no trade is known yet. */
export const seenIn = ({ version: seen = "1" }: { version?: string | undefined }): number => Number(seen);

/** Fields of numbers, amounts, addresses of machines and codes: what is typed full-width there is meant half-width. */
const plainFields =
  /^(?:quantity.*|email|phone|recipientPhone|member|reserved|voucher|number|url|amount|deduct|pay|refund|until)$/;
const postalFields = /^(?:address|recipientAddress)$/;

/** Whatever else a Japanese keyboard makes of a hyphen between two digits. */
const hyphens = /(?<=[0-9])[‐‑‒–—―−ーｰ－](?=[0-9])/g;
const wideDigits = /[０-９]/g;

/** One way to write each character; the numbers of houses and postcodes in half-width digits, and nothing else of an address. */
function tidied(name: string, value: string): string {
  if (plainFields.test(name)) return value.normalize("NFKC").replaceAll(hyphens, "-");
  if (/kana$/i.test(name)) return katakana(value) ?? value;
  const text = value.normalize("NFC");
  if (!postalFields.test(name)) return text;
  return text.replaceAll(wideDigits, (digit) => digit.normalize("NFKC")).replaceAll(hyphens, "-");
}

/** Browsers send every field of a form, and the spaces people leave: an empty field is one that is left out. */
export function tidyForm(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const body = request.body;
  if (typeof body === "object" && body !== null) {
    const kept: [string, unknown][] = Object.entries(body as Record<string, unknown>).flatMap(
      ([name, value]): [string, unknown][] => {
        if (typeof value !== "string" || name === "password" || name === "ownPassword")
          return [[name, value]];
        const trimmed = tidied(name, value).trim();
        return trimmed === "" ? [] : [[name, trimmed]];
      },
    );
    request.body = Object.fromEntries(kept);
  }
  done();
}

/** What is wrong with a form that is shown again, field by field: said in the words of who reads it. */
export type Mistaken = Record<string, Sentence>;

/** The names of the fields that the schema found wrong; throws what is not about a field of the form. */
export function mistakesOf(
  request: FastifyRequest,
  sentences: Readonly<Record<string, ShopWordKey>>,
): Mistaken {
  const error = request.validationError;
  if (error === undefined || error === null) return {};
  const found = error instanceof Refusal ? error.problem : undefined;
  const mistaken: Mistaken = {};
  for (const { pointer } of found?.errors ?? []) {
    const name = pointer.slice(1);
    const sentence = Object.hasOwn(sentences, name) ? sentences[name] : undefined;
    if (sentence === undefined || found === undefined) throw error;
    mistaken[name] = shopSay(found.code === "card_number_refused" ? "mistake.card" : sentence);
  }
  if (Object.keys(mistaken).length === 0) throw error;
  return mistaken;
}

/**
 * What every form of the pages is read with: which fields it takes, what its key looks like, and how what stands in the
 * way is told under the names of its fields. What a form makes is checked by the protocol's own schemas, so a page can do
 * nothing that a program could not.
 */
import Type from "typebox";
import { katakana, keyPattern, type Problem } from "../../core/protocol/protocol.ts";
import type { FastifyRequest } from "fastify";
import { fileOf, type Rejection, uploadLimits } from "../http/http.ts";
import type { Attempt } from "../parts/parts.ts";
import { say, type Sentence } from "../words/words.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { orProblem } from "./replies.ts";

/** A field that may be left out, with at most so many characters. */
export const field = (maxLength = 300) => Type.Optional(Type.String({ maxLength }));

export const key = Type.Optional(Type.String({ pattern: keyPattern }));
export const birthDate = field(10);
/** Of forms whose act may take a proof. */
export const proofFields = { proof: field(16_000), proofPassword: field() };
export const emptyForm = closed({});
export const keyForm = closed({ key });

/** The fields of a form, all of them text. */
export type Fields = Partial<Record<string, string>>;

/** A call that can be made, or what stands in the way, by the names of the form's fields. */
export type Made<T> = { body: T } | { errors: Record<string, Sentence> } | { problem: Problem };

/** Which days can be chosen, in the words of whoever reads it. */
export function sayDays(key: "mistake.days", { from, to }: { from: string; to: string }): Sentence {
  return (lang) => {
    const days = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
      dateStyle: "long",
      timeZone: "UTC",
    });
    const [first, last] = [from, to].map((day) => days.format(new Date(`${day}T00:00:00Z`)));
    return say(key, { from: first ?? from, to: last ?? to })(lang);
  };
}

/** What somebody has left empty has not been said. */
export function filled(text: string | undefined): string | undefined {
  const value = text?.replaceAll("\r\n", "\n").trim();
  return value === "" ? undefined : value;
}

/** The same of what is letters, digits and marks alone: a telephone number, an address of mail, as a Japanese keyboard types it. */
export function filledNarrow(text: string | undefined): string | undefined {
  return filled(text?.normalize("NFKC").replaceAll(/[‐‑–—―−ー]/g, "-"));
}

/** The eight digits of a code, however they were grouped and typed. */
export function digitsOf(typed: string | undefined): string | undefined {
  const digits = typed?.normalize("NFKC").replaceAll(/[\s-]/g, "");
  return digits !== undefined && /^[0-9]{8}$/.test(digits) ? digits : undefined;
}

/** How a name is read, as a form says it; null where that is not in kana. */
export function kanaIn({ kana }: Fields): string | undefined | null {
  const typed = filled(kana);
  return typed === undefined ? undefined : (katakana(typed) ?? null);
}

/** The fields of `wish` that hold something. */
export function present<T extends Record<string, unknown>>(
  wish: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as never;
}

/** Checks what was made, and tells findings under the names of the fields that `nameOf` finds for their pointers. */
export function checked<T>(
  inspect: (value: unknown) => Rejection | undefined,
  body: unknown,
  nameOf: (pointer: string) => string | undefined,
): Made<T> {
  const rejected = inspect(body);
  if (rejected === undefined) return { body: body as T };
  const { problem, findings } = rejected;
  const errors: Record<string, Sentence> = {};
  for (const { pointer, fault, message } of findings) {
    const name = nameOf(pointer);
    if (name === undefined) return { problem };
    errors[name] ??= fault === "missing" ? say("mistake.missing") : say("mistake.other", { message });
  }
  return Object.keys(errors).length === 0 ? { problem } : { errors };
}

const secret = new Set(
  "code giftCode tieCode password newPassword erasePassword key version proof proofPassword made".split(" "),
);

/** What was typed into a form whose sender was signed out meanwhile, and where it went. */
export interface Kept {
  to: string;
  fields: Record<string, string>;
}

const waysOfForms = /^\/(?!\/|sign)[A-Za-z0-9/_.:-]{1,200}$/;

/** What is kept of a form for after its sender has signed in: all but secrets. It goes along in the page, and nowhere else. */
export function keptOf(url: string, body: unknown): Kept | undefined {
  if (!waysOfForms.test(url) || typeof body !== "object" || body === null) return undefined;
  const texts = Object.entries(body).filter(
    (each): each is [string, string] => typeof each[1] === "string" && isKept(each[0]),
  );
  return { to: url, fields: Object.fromEntries(texts) };
}

/** What is asked once more is asked again; the code of a voucher is money, and a date of birth is for nobody else to read. */
const left = new Set(["sure", "said", "readBack", "token", "birthDate"]);
const isKept = (name: string): boolean =>
  name === "key" || name === "version" || !(secret.has(name) || left.has(name));

/** The same, as it came back with the sign-in. */
export function keptIn({ to, typed }: { to?: string; typed?: string }): Kept | undefined {
  return to === undefined || typed === undefined
    ? undefined
    : keptOf(to, Object.fromEntries(new URLSearchParams(typed)));
}

/** What the form shows again, with what was wrong. */
export function attemptOf(
  fields: Fields,
  wrong: { errors?: Record<string, Sentence>; problem?: Problem },
): Attempt {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !secret.has(name)) values[name] = value;
  }
  return {
    values,
    errors: wrong.errors ?? {},
    ...(wrong.problem === undefined ? {} : { problem: wrong.problem }),
  };
}

/** The largest file that a form takes, in mebibytes, as its page says. */
export const mostMebibytes = uploadLimits.file / 1024 / 1024;

/** What the file comes to that a form has brought; else what is wrong with it, said at its field where that is the file. */
export async function broughtBy<Value>(
  request: FastifyRequest,
  look: (bytes: Buffer) => Promise<Value>,
): Promise<{ value: Value } | { errors: Record<string, Sentence> } | { problem: Problem }> {
  const brought = fileOf(request);
  if (brought === undefined) return { errors: { file: say("mistake.noFile") } };
  if (!("bytes" in brought)) return { errors: { file: say("mistake.largeFile", { most: mostMebibytes }) } };
  const looked = await orProblem(() => look(brought.bytes));
  if ("value" in looked || looked.problem.code !== "bank_file_refused") return looked;
  const { detail } = looked.problem;
  return { errors: { file: () => detail } };
}

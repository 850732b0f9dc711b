/** The shapes that the messages are made of: closed objects, texts, amounts, instants, ids. */
import Type, { type TSchema } from "typebox";
import { idForm } from "./forms.ts";

export const maximumAmount = Number.MAX_SAFE_INTEGER;

export function closed<T extends Record<string, TSchema>>(
  properties: T,
  description?: string,
  title?: string,
) {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
    ...(title === undefined ? {} : { title }),
  });
}

/**
 * One of many that are checked one by one, each refused for itself and not for its neighbours: `least` is all that is asked of
 * it before, and what the published description says is that it is one of these.
 */
export function oneByOne(least: object, described: readonly TSchema[]) {
  return { ...least, described: Type.Union([...described]) };
}

/** `SendBackCommand`, of `send-back`. */
export function titleOf(word: string, kind: string): string {
  const parts = word.split(/[^a-z]/).map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return `${parts.join("")}${kind}`;
}

/** One instruction of a batch as it is checked: with the word that says what it does. */
export function withDo<T extends Record<string, TSchema>>(word: string, properties: T) {
  return closed({ do: Type.Literal(word), ...properties }, undefined, titleOf(word, "Instruction"));
}

/** What a server answers: fields are added to it over time, so whoever reads it lets pass what they do not know. */
export function open<T extends Record<string, TSchema>>(properties: T, description?: string) {
  return Type.Object(properties, description === undefined ? {} : { description });
}

/** The same under a name of its own, by which it stands in the published description. */
export function named<T extends Record<string, TSchema>>(title: string, properties: T, description?: string) {
  return Type.Object(properties, { title, ...(description === undefined ? {} : { description }) });
}

export function orNull<T extends TSchema>(schema: T, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

/** A part of a list; `next` is what to ask after, or null at the end. */
export function listOf<T extends TSchema>(item: T) {
  return open({ items: Type.Array(item), next: orNull(Type.String()) });
}

export function oneOf<T extends readonly string[]>(words: T, description?: string) {
  return Type.Unsafe<T[number]>({
    type: "string",
    enum: [...words],
    ...(description === undefined ? {} : { description }),
  });
}

/** Free text: the format `text` refuses control characters and card numbers (see forms.ts). */
export function text(minLength: number, maxLength: number, description?: string) {
  return Type.String({
    minLength,
    maxLength,
    format: "text",
    ...(description === undefined ? {} : { description }),
  });
}

/** A number that a program gives to orders, goods or parcels: any digits, which may happen to be those of a card. */
export function label(minLength: number, maxLength: number, description?: string) {
  return Type.String({
    minLength,
    maxLength,
    format: "label",
    ...(description === undefined ? {} : { description }),
  });
}

/** How far something goes, minor units. */
export const limitSchema = Type.Integer({
  minimum: 0,
  maximum: maximumAmount,
  description: "Minor units; 0 closes it",
});

export const amountSchema = Type.Integer({
  minimum: 1,
  maximum: maximumAmount,
  description: "Minor units of the currency",
});
/** A sum in an answer, which may be nothing. */
export const sumSchema = Type.Integer({
  minimum: 0,
  maximum: maximumAmount,
  description: "Minor units of the currency",
});
/** A sum in an answer that may be below nothing, such as a discount. */
export const signedSchema = Type.Integer({
  minimum: -maximumAmount,
  maximum: maximumAmount,
  description: "Minor units of the currency",
});
/** A number of pieces, attempts, or whatever else is counted. */
export const countSchema = Type.Integer({ minimum: 0 });
/** Of a fee: what it comes to at least, and its part of the sum. */
export const fixedFeeSchema = Type.Integer({
  minimum: 0,
  maximum: maximumAmount,
  description: "Minor units, once a trade",
});
export const basisPointsSchema = Type.Integer({
  minimum: 0,
  maximum: 10_000,
  description: "Hundredths of a percent",
});
export const currencySchema = Type.String({ pattern: "^[A-Z]{3}$", description: "ISO 4217 code" });
export const instantSchema = Type.String({ format: "instant", description: "RFC 3339, UTC" });
export const dateSchema = Type.String({ format: "day", description: "A calendar day, YYYY-MM-DD" });
export const timeZoneSchema = Type.String({
  format: "time-zone",
  description: "IANA name of a time zone, such as Asia/Tokyo",
});
export const durationSchema = Type.String({
  format: "duration",
  description: "ISO 8601 duration, such as P7D",
});
export const idSchema = Type.String({
  pattern: `^${idForm}$`,
  description: "UUID",
});
/** As many photos as one word about goods can bring. */
export const mostPhotos = 5;
export const photoDigestSchema = Type.String({
  pattern: "^[0-9a-f]{64}$",
  description: "SHA-256 of a photo, by which it is found",
});
export const numberSchema = Type.String({
  pattern: "^[0-9]{1,20}$",
  description: "Digits with a check digit",
});

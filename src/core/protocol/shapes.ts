/** The shapes that the messages are made of: closed objects, texts, amounts, instants, ids. */
import Type, { type TSchema } from "typebox";
import { idForm } from "./forms.ts";

export const maximumAmount = Number.MAX_SAFE_INTEGER;

export function closed<T extends Record<string, TSchema>>(properties: T, description?: string) {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
}

export function oneOf<T extends readonly string[]>(words: T) {
  return Type.Unsafe<T[number]>({ type: "string", enum: [...words] });
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

export const amountSchema = Type.Integer({
  minimum: 1,
  maximum: maximumAmount,
  description: "Minor units of the currency",
});
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
export const numberSchema = Type.String({
  pattern: "^[0-9]{1,20}$",
  description: "Digits with a check digit",
});

/** By what a trade is found besides its state and its time: its reference, and each key of its metadata with its value. */
import { idFrom } from "../../storage/database/database.ts";

/** Stands in no text that a trade can have. */
const between = "\u0001";

export const markOfReference = (reference: string): string => idFrom(["reference", reference].join(between));

export const markOfMetadata = (key: string, value: string): string =>
  idFrom(["metadata", key, value].join(between));

export const markOfAmount = (amount: bigint, currency: string): string =>
  idFrom(["amount", currency, String(amount)].join(between));

/** Under whom references and amounts stand for whoever looks among the trades of all shops: nobody has this id. */
export const everyShop = "00000000-0000-0000-0000-000000000000";

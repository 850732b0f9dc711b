/** The subjects, and each language whole. */
import { deeds } from "./deeds-en.ts";
import { deeds as deedsJa } from "./deeds-ja.ts";
import { fields } from "./fields-en.ts";
import { fields as fieldsJa } from "./fields-ja.ts";
import { queues } from "./queues-en.ts";
import { queues as queuesJa } from "./queues-ja.ts";

/** The sentences by subject. */
export const actSubjects = { deeds, fields, queues };

export const actEnglish = { ...deeds, ...fields, ...queues };
export const actJapanese: Record<keyof typeof actEnglish, string> = { ...deedsJa, ...fieldsJa, ...queuesJa };

/** The subjects, and each language whole. */
import { acting } from "./acting-en.ts";
import { acting as actingJa } from "./acting-ja.ts";
import { breaks } from "./breaks-en.ts";
import { breaks as breaksJa } from "./breaks-ja.ts";
import { callers } from "./callers-en.ts";
import { callers as callersJa } from "./callers-ja.ts";
import { counter } from "./counter-en.ts";
import { counter as counterJa } from "./counter-ja.ts";
import { desk } from "./desk-en.ts";
import { desk as deskJa } from "./desk-ja.ts";
import { finding } from "./finding-en.ts";
import { finding as findingJa } from "./finding-ja.ts";
import { orders } from "./orders-en.ts";
import { orders as ordersJa } from "./orders-ja.ts";

/** The sentences by subject. */
export const deskSubjects = { desk, breaks, callers, finding, acting, counter, orders };

export const deskEnglish = { ...desk, ...breaks, ...callers, ...finding, ...acting, ...counter, ...orders };

/** A key that was forgotten does not compile. */
export const deskJapanese: Record<keyof typeof deskEnglish, string> = {
  ...deskJa,
  ...breaksJa,
  ...callersJa,
  ...findingJa,
  ...actingJa,
  ...counterJa,
  ...ordersJa,
};

/**
 * Credit (信用保証枠, paragraphs 0081, 0085): asked for with one trade and granted by two operators, and how much this server
 * stands for.
 */
export { creditFor, openCredit } from "./open-credit.ts";

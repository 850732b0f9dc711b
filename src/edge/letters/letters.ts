/** What mails say, in each language: from what has happened to a subject, a text and a page. */
export { type Letter, type LetterData, letterOf } from "./letter.tsx";
export { billLetterOf, payoutLetterOf, selfLetterOf, settlementLetterOf } from "./account-letters.ts";

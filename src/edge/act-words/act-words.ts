/**
 * What the acts of operators are called, and their fields; and what the pages say that show them: forms, queues and lists. In
 * both languages, by subject.
 */
export { actEnglish, actJapanese, actSubjects } from "./all-words.ts";

/**
 * What pages say to those who work at a desk: operators, shops' people, whoever runs a server. In both languages, by
 * subject; a subject is a pair of files here and a line in `all-words`.
 */
export { deskEnglish, deskJapanese, deskSubjects } from "./all-words.ts";

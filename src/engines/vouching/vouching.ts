/**
 * The words of a guarantor that others read offline, each with its place in lists that say which have ended. What happens to a
 * trade touches its word behind the commit, where events are put into lists; whoever makes the lists looks at what was touched.
 */
export {
  endedIn,
  endWords,
  forgetOldWords,
  keepWords,
  listLength,
  touchAllWords,
  touchedWords,
  touchPlaces,
  touchWords,
  type Word,
  wordFor,
} from "./word-store.ts";

/** `kenshu fairness`: whether somebody who cheats alone can win, searched to the end over the trade machine. */
export { search } from "./search.ts";
export { plain, usual, type Setting } from "./setting.ts";

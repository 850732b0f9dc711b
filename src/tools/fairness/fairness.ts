/** `kenshu fairness`: whether somebody who cheats alone can win, searched to the end over the trade machine. */
export { fairnessCommand } from "./fairness-command.ts";

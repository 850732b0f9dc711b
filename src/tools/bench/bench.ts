/** `kenshu bench`: how fast this machine trades, against how fast its PostgreSQL is. */
export { benchCommand } from "./bench-command.ts";

/** `kenshu export`: what a server keeps, as lines for spreadsheets and other programs. */
export { exportCommand, type ExportPlace } from "./export-command.ts";

/** What a guarantor stands for, on pages of its operators: by where each guarantee stands, what ends next, and who owes. */
export { registerGuaranteePages } from "./guarantee-pages.ts";

/**
 * Paper that leaves the house: what goes by post, and what is shown at a counter. Data in, a PDF out: nothing here asks a
 * server, and the same data make the same bytes.
 */
export { squaresOf } from "./barcode.ts";
export { type AdmissionLetter, admissionLetter } from "./admission-letter.ts";
export { type PaymentSlip, paymentSlip } from "./payment-slip.ts";

/** What a Japanese postcode says of an address, from a list that is installed with the server: nothing is asked elsewhere. */
export { addressAt, fillAddress, postcodeFields } from "./lookup.ts";
export { registerPostcodes } from "./routes.ts";

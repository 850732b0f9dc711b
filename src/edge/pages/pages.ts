/**
 * The pages that every trading server has for people (申込端末 40): the same services as the routes for programs, behind
 * forms. Which server it is shows in what that server hands in. Names and ids that a browser test can rely on are listed
 * in docs/decisions/0008-pages.md.
 */
export { problemPage, registerPages } from "./all-pages.ts";
export { giftOf } from "./door-pages.ts";
export { approvalOf, moveOf, withQuantities } from "./trade-forms.ts";
export { askProof, meansForm, meansOf } from "./person-forms.ts";
export { bringerIn, fieldsWithPhotos } from "./trade-pages.ts";
export { methodsOf, mustRead, nowOf, params, type Reading, tradePage, waitingOf } from "./trade-reader.ts";
export {
  attemptOf,
  broughtBy,
  checked,
  field,
  type Fields,
  filled,
  filledNarrow,
  kanaIn,
  key,
  type Made,
  mostMebibytes,
  present,
  proofFields,
} from "./form-fields.ts";
export {
  frameOf,
  isProven,
  isSignedOut,
  memberOf,
  nextQuery,
  orProblem,
  pathOf,
  seeOther,
  sendPage,
  tags,
  toMember,
} from "./replies.ts";
export type { PageContext, TieOutcome, Ties, TieWish } from "./page-context.ts";

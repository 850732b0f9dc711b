/**
 * Members and guests: who they are, how they pay, what they allow shops to do, and how they are forgotten
 * (patent 0054, 0064, 0088). No money moves here: a method names an account of the ledger, nothing more.
 */
export {
  eraseGuestForms,
  type GuestForm,
  type Hint,
  insertGuestForms,
  readGuestForm,
} from "./form-store.ts";
export {
  type Applicant,
  listApplicants,
  activateMethod,
  changePerson,
  claimedAccounts,
  claimVoucher,
  closeMethod,
  findMember,
  insertMandates,
  insertMember,
  insertMethod,
  insertVouchers,
  limitMandate,
  listMandates,
  listMethods,
  lockMember,
  lockPerson,
  type LineRow,
  lockLine,
  lockMethods,
  type MandateDetails,
  type MethodDetails,
  type NewMandate,
  type NewMember,
  type NewMethod,
  type ProfileChange,
  readLanguage,
  readMandate,
  readPersonalData,
  readPersonOfAccount,
  revokeMandate,
  setLanguage,
  setMemberState,
  setMethodState,
} from "./member-store.ts";
export {
  confirmContact,
  countContacts,
  countWrongContactCode,
  forgetContacts,
  insertContact,
  lockContact,
  readContact,
  readContactAddress,
  spendContact,
} from "./contact-store.ts";
export {
  countWrongEmailCode,
  dropEmailChange,
  type EmailChange,
  lockEmailChange,
  readAskedEmail,
  readEmailChange,
  writeEmailChange,
} from "./email-store.ts";
export {
  type BankAccountRow,
  type BankDetails,
  endBankAccount,
  forgetBankAccounts,
  insertBankAccount,
  lockBankAccount,
  nameBankAccount,
  readBankAccount,
  readBankAccounts,
} from "./bank-account-store.ts";
export { forgetLetters, insertLetter, type Letter, readLetter } from "./letter-store.ts";
export {
  dropPhotos,
  erasePhotosOfRecipients,
  insertPhoto,
  type KeptPhoto,
  listPhotos,
  ownsPhotos,
  photosToLookAt,
  postponePhotos,
  readPhoto,
} from "./photo-store.ts";
export { forgetAdmissions, holdsAdmission, spendAdmission, writeAdmission } from "./admission-store.ts";
export { checkVault, dropKeys, insertKeys, readKeys, rewrapKeys } from "./key-store.ts";
export {
  erasePeople,
  insertGuests,
  lockLeaveOf,
  lockMandates,
  lockRegistration,
  type MandateRow,
  type MethodRow,
  type NewGuest,
  type PersonalData,
  type PersonRow,
  readBuyers,
  readMethods,
  readPeopleById,
  readVouchers,
  type SoughtBuyers,
  tokenHash,
  writeMandates,
} from "./store.ts";
export {
  countLookups,
  insertActNotice,
  insertLookup,
  insertNotices,
  insertProfileChange,
  type NewNotice,
  listLookups,
  listNotices,
  listProfileChanges,
  type NewLookup,
  type NoticeRow,
  noticesOfTrade,
  type ProfileChangeRow,
} from "./record-store.ts";
export { openVault, type Vault } from "./vault.ts";
export { type MethodKind, type PersonLanguage, personLanguages, type PersonState } from "./kinds.ts";

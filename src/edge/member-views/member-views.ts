/** The pages on which people come, join, and see what they hold and allow. Data in, HTML out. */
export {
  AccountsPage,
  type AccountView,
  type EntryView,
  type StatementDays,
  StatementPage,
} from "./accounts.tsx";
export { AgreePage, ConsentsPage } from "./consents.tsx";
export { DisclosurePage } from "./disclosure.tsx";
export { HomePage } from "./home-page.tsx";
export { JoinPage, WelcomePage } from "./membership.tsx";
export { PersonFields } from "./person-fields.tsx";
export { PaymentsPage } from "./payments.tsx";
export { ToldPage } from "./private-amounts.tsx";
export { Looks, type RecordedLook, RecordPage } from "./record.tsx";
export {
  ObjectionsPage,
  SettlementsPage,
  type SettlementView,
} from "./settlements.tsx";
export { GoOnPage, SignInPage, type SignInProps } from "./sign-in.tsx";
export { type InstitutionView, MethodsPage, TieEndPage } from "./ties.tsx";

/**
 * What pages are made of, of a trading server and of a shop: documents, words, controls, and how a trade stands. Data in,
 * HTML out: nothing here asks a server, keeps anything, or runs in the browser.
 */
export { detailOf, titleOf } from "./advice.ts";
export {
  AddressFields,
  Button,
  type ButtonProps,
  Choice,
  Field,
  type FieldProps,
  FileField,
  Folded,
  Form,
  LinkButton,
} from "./controls.tsx";
export {
  countOf,
  daysBetween,
  goodsOf,
  hasLeft,
  isHomeward,
  isOver,
  isToSend,
  leadOf,
  lookUntilOf,
  mayHaveNeverCome,
  type Now,
  parcelsOf,
  payDaysFrom,
  reservableDays,
  reservableTo,
  standingOf,
  unshippedOf,
  whoseWord,
  withdrawableNow,
  waitsForLookUntil,
} from "./goods.ts";
export { datesOf, GoodsStory, Silence, When } from "./goods-story.tsx";
export {
  type Attempt,
  type Face,
  type Frame,
  noAttempt,
  Page,
  type PageProps,
  type Queue,
  QueuePage,
  render,
  renderPage,
  ServerPage,
} from "./layout.tsx";
export {
  Amount,
  Day,
  dayIn,
  shortDayIn,
  Moment,
  Month,
  Name,
  Say,
  speaking,
  TradeNumber,
  useCount,
  useLanguage,
  useRoles,
  useSpan,
  useWords,
} from "./locale.tsx";
export { Beside, Empty, Fact, Mistakes, Notice } from "./notices.tsx";
export { ProblemPage, Refused } from "./problem-page.tsx";
export type { Rounds } from "./round.tsx";
export { type ShopStanding, standingLine } from "./standing-line.ts";
export { assets, codeReaderPath, passkeyAsset, scanAsset } from "./style.ts";
export {
  acceptableOf,
  lastWorthOf,
  Lines,
  nextWorthOf,
  openQuantity,
  openWorthOf,
} from "./trade-lines.tsx";
export { MoneyBar, OfferWords, stages, StateBadge, Steps } from "./trade-progress.tsx";

/** What a payment slip says, in each language. */
import type { PaperLanguage } from "./sheet.ts";

const en = {
  title: "Payment slip",
  lead: "You have accepted what you ordered. Please pay for it by the day that stands below: at a convenience store or another counter that collects for {server}. Show this slip there, or say the trade number.",
  changes:
    "The counter asks what is due when you pay. If something was returned since this slip was printed, it is less; then the counter's amount counts. Nobody can pay twice: what was paid is no longer due.",
  receipt:
    "Keep the receipt until the payment shows on the page of your trade. The cashier keeps the other two parts.",
  cut: "Please do not cut it yourself",
  shop: "Shop",
  reference: "Order",
  number: "Trade number",
  amount: "Amount",
  payBy: "Pay by",
  zone: "Times are those of {timeZone}. Printed on {day} by {server}.",
  customer: "Receipt",
  customerFoot: "For whoever pays. Valid with the stamp.",
  store: "Payment slip",
  storeFoot: "For the counter",
  stub: "Stub",
  stubFoot: "For the counter's books",
  stamp: "Stamp",
} as const;

export type SlipWord = keyof typeof en;

const ja: Readonly<Record<SlipWord, string>> = {
  title: "払込票",
  lead: "ご注文の品の検収が済みました。下記の期限までに、{server} の収納を取り扱うコンビニエンスストアまたは収納窓口で代金をお支払いください。この払込票をお示しになるか、取引番号をお伝えください。",
  changes:
    "お支払いの金額は、お支払いの時点で窓口が確認します。この払込票の発行後に返品などがあった場合は金額が少なくなり、窓口で確認された金額でのお支払いとなります。二重にお支払いいただくことはありません。",
  receipt:
    "お支払いが取引のページに表示されるまで、受領証は大切に保管してください。他の二片は窓口でお預かりします。",
  cut: "切り離さずに窓口へお出しください",
  shop: "店舗",
  reference: "注文番号",
  number: "取引番号",
  amount: "金額",
  payBy: "支払期限",
  zone: "時刻は {timeZone} の時刻です。{day} {server} 発行。",
  customer: "払込受領証",
  customerFoot: "お客様用。収納印のないものは無効です。",
  store: "払込票",
  storeFoot: "窓口用",
  stub: "払込票控",
  stubFoot: "窓口控え用",
  stamp: "収納印",
};

export const slipWords: Readonly<Record<PaperLanguage, Readonly<Record<SlipWord, string>>>> = { en, ja };

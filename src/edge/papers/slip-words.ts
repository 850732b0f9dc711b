/** What a payment slip says, in each language, by what is paid with it. */
import type { PaperLanguage } from "./sheet.ts";

/** What is paid: an order, what is owed on a credit line, or money that is brought to an account. */
export type SlipFor = "order" | "bill" | "funding";

const common = {
  en: {
    title: "Payment slip",
    cut: "Please do not cut it yourself",
    reference: "Order",
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
  },
  ja: {
    title: "払込票",
    cut: "切り離さずに窓口へお出しください",
    reference: "注文番号",
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
  },
} as const;

/** `payee`: what stands before the name of whoever is paid. */
type OwnWord = "lead" | "changes" | "receipt" | "payee" | "number";
export type SlipWord = keyof (typeof common)["en"] | OwnWord;

const en: Readonly<Record<SlipFor, Readonly<Record<OwnWord, string>>>> = {
  order: {
    lead: "You have accepted what you ordered. Please pay for it by the day that stands below: at a convenience store or another counter that collects for {server}. Show this slip there, or say the trade number.",
    changes:
      "The counter asks what is due when you pay. If something was returned since this slip was printed, it is less; then the counter's amount counts. Nobody can pay twice: what was paid is no longer due.",
    receipt:
      "Keep the receipt until the payment shows on the page of your trade. The cashier keeps the other two parts.",
    payee: "Shop",
    number: "Trade number",
  },
  bill: {
    lead: "This is to be paid next of what you owe on your credit line at {server}. Please pay it by the day that stands below: at a convenience store or another counter that collects for {server}. Show this slip there, or say the number of the bill.",
    changes:
      "The counter asks what is due when you pay. If something was paid or added since this slip was printed, the counter's amount counts. Nobody can pay twice: what was paid is no longer due.",
    receipt:
      "Keep the receipt until the payment shows on the page of your bill. The cashier keeps the other two parts.",
    payee: "Paid to",
    number: "Bill number",
  },
  funding: {
    lead: "With this slip you bring money to your account at {server}, by the day that stands below: at a convenience store or another counter that collects for {server}. Show it there, or say the number.",
    changes:
      "Exactly this amount is paid, and once. Whoever pays nothing owes nothing: after that day the number has ended.",
    receipt:
      "Keep the receipt until the money shows on the page of your account. The cashier keeps the other two parts.",
    payee: "Account at",
    number: "Number",
  },
};

const ja: Readonly<Record<SlipFor, Readonly<Record<OwnWord, string>>>> = {
  order: {
    lead: "ご注文の品の検収が済みました。下記の期限までに、{server} の収納を取り扱うコンビニエンスストアまたは収納窓口で代金をお支払いください。この払込票をお示しになるか、取引番号をお伝えください。",
    changes:
      "お支払いの金額は、お支払いの時点で窓口が確認します。この払込票の発行後に返品などがあった場合は金額が少なくなり、窓口で確認された金額でのお支払いとなります。二重にお支払いいただくことはありません。",
    receipt:
      "お支払いが取引のページに表示されるまで、受領証は大切に保管してください。他の二片は窓口でお預かりします。",
    payee: "店舗",
    number: "取引番号",
  },
  bill: {
    lead: "{server} の与信枠でのご利用残高のうち、今回お支払いいただく分です。下記の期限までに、{server} の収納を取り扱うコンビニエンスストアまたは収納窓口でお支払いください。この払込票をお示しになるか、請求書の番号をお伝えください。",
    changes:
      "お支払いの金額は、お支払いの時点で窓口が確認します。この払込票の発行後にお支払いや新たなご請求があった場合は、窓口で確認された金額でのお支払いとなります。二重にお支払いいただくことはありません。",
    receipt:
      "お支払いが請求書のページに表示されるまで、受領証は大切に保管してください。他の二片は窓口でお預かりします。",
    payee: "支払先",
    number: "請求書番号",
  },
  funding: {
    lead: "{server} のお客様の口座への入金です。下記の期限までに、{server} の収納を取り扱うコンビニエンスストアまたは収納窓口で、この払込票をお示しになるか、番号をお伝えのうえ、お支払いください。",
    changes:
      "記載の金額ちょうどを、一度だけお支払いいただけます。お支払いの義務はありません。期限を過ぎると、この番号は使えなくなります。",
    receipt:
      "入金が口座のページに表示されるまで、受領証は大切に保管してください。他の二片は窓口でお預かりします。",
    payee: "入金先",
    number: "番号",
  },
};

const own: Readonly<Record<PaperLanguage, typeof en>> = { en, ja };

/** The words of a slip for what is paid with it. */
export const slipWords = (lang: PaperLanguage, paidFor: SlipFor): Readonly<Record<SlipWord, string>> => ({
  ...common[lang],
  ...own[lang][paidFor],
});

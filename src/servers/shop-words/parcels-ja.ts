/** What stands on a parcel and in it, what the staff read of that, and what a buyer types of a present. */
import type { parcels as english } from "./parcels-en.ts";

export const parcels: Record<keyof typeof english, string> = {
  "parcel.title": "注文 {order} の荷札と納品書",
  "parcel.back": "← 注文 {order}",
  "parcel.lead":
    "このページを印刷してください。一枚目は荷物に貼り、二枚目は荷物に入れます。どちらにも価格は記載されません。",
  "parcel.outside": "荷物に貼る荷札",
  "parcel.inside": "荷物に入れる納品書です。配送する人の目に触れないようにしてください。",
  "parcel.from": "差出人：{shop}",
  "parcel.order": "注文 {order}",
  "parcel.for": "{name} 様",
  "parcel.present": "{name} 様への贈り物",
  "parcel.presentFrom": "贈り主：{from}",
  "parcel.contents": "この荷物の内容",
  "parcel.code": "お客様のコード",
  "parcel.how":
    "荷物の中身をお確かめください。その後、贈り主から届いたリンクを開き、このコードを入力して、間違いがないかどうかをお知らせください。店舗に支払われるのは、それからです。",
  "parcel.noLink":
    "リンクがない場合も、{address} で取引番号とコードを入力すると内容を確認できます。リンクは贈り主にお尋ねください。",
  "parcel.symbol": "内容を確認できるアドレス",
  "staff.parcel": "荷物に付けるもの",
  "staff.parcelLead": "配送業者のための取引番号が入った荷札と、荷物に入れる納品書です。",
  "staff.parcelPrint": "荷札と納品書を印刷する",
  "staff.present":
    "この注文は贈り物で、受取人が検収します。検収には、購入者が送るリンクと、このコードが必要です。コードは必ず荷物に入れてください。",
  "staff.presentCode": "受取人のコード",
  "staff.presentUnknown":
    "現在、受取人のコードを支払機関から取得できません。コードなしで発送しないでください。受取人が検収できなくなります。",
  "order.guestLink":
    "支払機関が、確認済みのメールアドレスに、お客様専用のリンクをお送りしました。そのリンクから、検収や、問題のご連絡ができます。当店はそのリンクを持っていません。",
  "order.present":
    "受取人が検収します。検収には、お客様だけがお持ちのリンクと、荷物に同封されたコードが必要です。",
  "order.presentLink": "リンクを受取人に送る",
  "checkout.from": "贈り主のお名前",
  "checkout.fromHint": "入力されたとおりに受取人に伝えます。空欄の場合、お名前は伝えません。",
  "checkout.greeting": "メッセージ",
  "mistake.from": "120文字以内で入力してください。",
  "mistake.greeting": "400文字以内で入力してください。",
};

/** What a page says when something was refused, and what somebody can do about it. */
import type { Subject } from "../words-en/words-en.ts";

export const refusals: Subject<"refusals"> = {
  // When something went wrong.
  "mistake.quantity": "残っている数までの整数を入力してください。",
  "mistake.number": "取引番号として正しくありません。数字をご確認ください。",
  "mistake.nothing": "数を入力してください。",
  "mistake.parcel": "この番号の荷物は、この取引では配送されていません。",
  "mistake.neverCame": "数が多すぎます。ほかの商品は届いているか、まだ届く期限前です。",
  "mistake.whichParcel": "どの商品のことか特定できません。店舗が知らせた荷物の番号を入力してください。",
  "mistake.offer": "分ける金額以内で入力してください。",
  "mistake.amount": "金額を入力してください（例：1,200）。",
  "mistake.missing": "入力してください。",
  "mistake.currency": "JPYのような3文字の通貨コードを入力してください。",
  "mistake.other": "この内容では受け付けられません。",
  "mistake.code": "8桁の数字を入力してください。",
  "mistake.guestCode": "お送りしたコードと異なります。コードは15分間、このブラウザでのみ使えます。",
  "mistake.giftCode": "荷物に同封されたコードと異なります。",
  "mistake.voucher": "このコードは使えません。入力をご確認ください。すでに使用されている場合もあります。",
  "mistake.hasOne": "この通貨ではすでにお持ちか、お申し込み済みです。",
  "mistake.payDay": "{from}から{to}までの日を選んでください。",
  "mistake.date": "日付を選んでください。",
  "refused.again": "このフォームは、別の内容ですでに送信されています",
  "refused.notYours": "この手続きを行う権限がありません",
  "problem.title": "手続きを完了できませんでした",
  "problem.whatNow": "次にできること",
  "problem.code": "オペレーターにお伝えいただくコード：{code}",
  "problem.toTrade": "取引を見る",
  "problem.toHome": "最初のページへ",
  "help.authenticate": "サインインしてから、もう一度お試しください。",
  "help.notFound":
    "番号またはリンクをご確認ください。ほかの方のものは、その方だけがご覧になれます。別のサインインが必要な場合もあります。",
  "help.money": "別の支払方法を選ぶか、入金してから、もう一度お試しください。お金は一切動いていません。",
  "help.state": "取引をご確認ください。その間に、誰かの手続き、または期限によって状況が変わりました。",
  "help.shipped":
    "商品はすでに店舗を出ています。届くのを待ち、間違いのないものを検収するか、問題をお知らせください。未発送の分は、まだ取り消せます。",
  "help.late": "届く期限までお待ちください。それでも届かなければ、そのときお知らせください。",
  "help.once":
    "この手続きは一度だけ行えます。すでにお知らせいただいた内容が有効で、相手方とオペレーターが見ることができます。",
  "help.again":
    "新たな手続きは行われていません。ページを再度読み込み、最初の手続きの結果を確かめてから、続けてください。",
  "help.input": "戻って、入力内容を直してください。",
  "help.wait":
    "少し待ってから、もう一度お試しください。ボタンを押した場合は、もう一度押してください。二重に行われることはありません。",
  "help.operator": "オペレーターにお電話のうえ、下のコードをお伝えください。",
};

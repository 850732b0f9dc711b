/** What somebody lets others do with their money beforehand, and changes of it: permissions of shops, consents of servers. */
import type { Subject } from "../words-en/words-en.ts";

export const permissions: Subject<"permissions"> = {
  "mandates.give": "事前承認を設定する",
  "mandates.change": "内容の確認・変更・取消",
  "mandates.changeFor": "{shop}への事前承認の確認・変更・取消",
  "mandates.look": "内容を確認する",
  "mandates.lookFor": "{shop}への事前承認の内容を確認する",
  "mandate.title": "{shop}への事前承認",
  "mandate.what": "承認した内容",
  "mandate.most": "上限額（すべての注文の合計）",
  "mandate.mostIn": "上限額（すべての注文の合計、{currency}）",
  "mandate.mostHint":
    "注文のうち、凍結中の金額と支払われた金額が数えられます。お手元に戻った分は、次の注文に使えます。",
  "mandate.left": "新しい注文に使える残り",
  "mandate.end": "期限",
  "mandate.lastDay": "最終日",
  "mandate.paysWith": "支払方法",
  "mandate.anyMeans": "この通貨で最初に登録した支払方法",
  "mandate.closedMeans": "ご利用いただけなくなった支払方法",
  "mandate.mayAccept": "検収できる人",
  "mandate.given": "承認した日時",
  "mandate.number": "事前承認の番号",
  "mandate.numberHint":
    "店舗は、注文にこの番号を添えます。この番号を使えるのはこの店舗だけなので、秘密にする必要はありません。",
  "mandate.change": "上限と期限の変更",
  "mandate.changeHint":
    "減らす変更は、すぐに新しい注文から適用されます。増やす、または延ばすには、15分以内にサインインしている必要があります。すでに凍結されている分は変わりません。",
  "mandate.changeSubmit": "この内容に変更する",
  "mandate.lessThanUsed":
    "すでにこの金額を超えて使われています。使用済みの金額以上を指定するか、事前承認を取り消してください。",
  "mandate.dayOver": "今日以降、10年以内の日を選んでください。",
  "mandate.endTitle": "取消",
  "mandate.endHint":
    "取り消すと、店舗は注文のたびに承認をお願いするようになります。進行中の注文は、承認した内容のまま続きます。",
  "mandate.over": "期限を過ぎています",
  "mandate.done.given": "この店舗は、ご注文のたびに尋ねることなく、この金額まで凍結できるようになりました。",
  "mandate.done.changed": "変更しました。今から適用されます。",
  "mandate.toAll": "すべての事前承認",
  "mandate.signInFirst": "もう一度サインインしてください",
  "mandate.signInFirstHint":
    "店舗が凍結できる範囲を広げられるのは、15分以内にサインインした方だけです。変更はまだ行われていません。",
  "mandate.signInAnew": "サインイン",
  "give.title": "店舗への事前承認",
  "give.lead":
    "この範囲のご注文では、店舗は毎回お尋ねすることなく、ご注文の際にお金を凍結します。支払われるのは、これまでどおり検収（届いた品物を確かめて、間違いないと認めること）の後です。事前承認は、いつでもすぐに取り消せます。",
  "give.shop": "店舗",
  "give.acceptors": "お客様以外に検収できる人",
  "give.acceptorsHint":
    "検収する人が「間違いない」と認めると、代金が支払われます。誰にもチェックを入れなければ、検収できるのはお客様だけです。",
  "give.by.recipient": "受取人",
  "give.as.recipient": "品物のお届け先の方が、荷物に添えられたコードで検収します",
  "give.by.carrier": "配送業者",
  "give.as.carrier": "玄関先で、お客様が伝えるコードで検収します",
  "give.by.provider": "サービス提供者",
  "give.as.provider": "作業をした人が、完了したことを報告します",
  "give.by.shop": "店舗自身",
  "give.as.shop":
    "店舗が自ら検収し、代金を受け取れるようになります。そこまで信頼できる店舗の場合に限り、チェックを入れてください。",
  "give.submit": "この内容で承認する",
  "give.noMeans": "支払方法がまだ登録されていません",
  "give.toMeans": "支払方法を追加する",
  "give.noShops": "選べる店舗がまだありません",
  "give.noShopsHint": "店舗の注文画面から、このページに移動できる場合もあります。",
  "give.back": "何も承認せずに{shop}へ戻る",
  "consent.change": "上限と期限の変更",
  "consent.changeHint":
    "減らす変更はすぐに適用されます。増やす、または延ばすには、15分以内にサインインしている必要があります。",
  "consent.perMonthNone": "同意した際に暦月ごとの上限を設けていないため、ここでは設定できません。",
  "consent.noneHint": "空欄の場合は上限なしです。",
  "consent.set": "この上限に変更する",
  "consent.lessThanSpent":
    "今月はすでにこの金額を超えて使われています。使用済みの金額以上を指定するか、同意を取り消してください。",
  "consent.signInHint":
    "サーバーに認める範囲を広げられるのは、15分以内にサインインした方だけです。変更はまだ行われていません。",
  "consent.done": "変更しました。今から適用されます。",
};

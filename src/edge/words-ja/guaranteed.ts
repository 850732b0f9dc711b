/** What is said otherwise where a guarantor stands for the buyer. */
import type { Subject } from "../words-en/words-en.ts";

export const guaranteed: Subject<"guaranteed"> = {
  "guaranteed.foot":
    "ご注文の代金は信用保証機関が保証し、お支払いは検収の後になります。検収とは、届いた品物を確かめて、間違いないと認めることです。",
  "guaranteed.state.refused": "保証不可",
  "guaranteed.state.reserved": "保証中",
  "guaranteed.money.frozen": "保証中",
  "guaranteed.money.released": "与信枠に戻った分",
  "guaranteed.event.trade.extension_asked": "{who}が保証期間の延長を求めました。",
  "guaranteed.event.trade.ordered":
    "{who}がこの番号に注文を登録しました。注文を超える分の与信枠は元に戻りました。",
  "guaranteed.revision.stays":
    "購入者が同意するまで、これまでの合意も保証もそのままです。購入者が同意できるのは {until} までです。",
  "guaranteed.act.offerPayHint": "残りについて、購入者が支払う必要はありません。",
  "guaranteed.trade.step.frozen": "保証",
  "guaranteed.event.trade.reserved": "信用保証機関が代金を保証しました。店舗は発送できます。",
  "guaranteed.event.trade.refused": "信用保証機関は代金を保証できませんでした。",
  "guaranteed.event.trade.cancelled": "{who}が取引を取り消しました。与信枠は元に戻りました。",
  "guaranteed.event.trade.expired": "期限が過ぎました。与信枠は元に戻りました。",
  "guaranteed.now.earmark": "与信枠が確保されています。注文はこれからです。",
  "guaranteed.now.proposed": "店舗が提案した取引です。承認されるまで、保証は始まりません。",
  "guaranteed.now.refused":
    "信用保証機関は代金を保証できませんでした。注文はまだ有効です。別の支払方法をお選びください。",
  "guaranteed.now.reserved": "信用保証機関が代金を保証しています。店舗はまだ発送していません。",
  "guaranteed.now.way": "商品は配送中です。届いて間違いがないと分かるまで、お支払いの必要はありません。",
  "guaranteed.now.cancelled": "取引は取り消されました。使われていた与信枠は元に戻りました。",
  "guaranteed.now.rejected": "拒否された商品の手続きは終わりました。その分のお支払いは必要ありません。",
  "guaranteed.now.toSend":
    "拒否された商品があります。返送が必要です。その間、その分のお支払いは必要ありません。",
  "guaranteed.now.withdrawn":
    "購入が撤回された商品があります。返送していただくと、その分のお支払いは不要となり、お支払い済みの代金は返金されます。",
  "guaranteed.now.looking":
    "届いていない商品があります。店舗が確認しています。その間、その分のお支払いは必要ありません。",
  "guaranteed.now.expired": "期限が過ぎました。使われていた与信枠は元に戻りました。",
  "guaranteed.done.approve": "承認しました。信用保証機関が代金を保証し、お支払いは検収の後になります。",
  "guaranteed.done.decline": "注文をお断りしました。店舗にも通知しました。",
  "guaranteed.done.reject": "受け付けました。解決するまで、その分のお支払いは必要ありません。",
  "guaranteed.done.cancel": "取引を取り消しました。与信枠は元に戻りました。",
  "guaranteed.done.cancelPart": "未発送の分を取り消しました。その分の与信枠は元に戻りました。",
  "guaranteed.door.warning":
    "荷物を受け取ってから、このコードを伝えてください。伝えると検収したことになり、代金のお支払いが必要になります。",
  "guaranteed.act.acceptAllHint":
    "商品がお手元にあり、間違いがない場合に限ります。検収すると、{amount}のお支払いが必要になります。",
  "guaranteed.act.acceptEarlyHint":
    "まだ誰も配達を報告していません。お手元にあるものだけを検収してください。直ちに{amount}のお支払いが必要になります。",
  "guaranteed.act.sure":
    "まだ誰も配達を報告していません。商品はお手元にありますか。検収すると{amount}のお支払いが必要になります。よろしいですか。",
  "guaranteed.act.sureAny":
    "まだ誰も配達を報告していません。商品はお手元にありますか。検収するとお支払いが必要になります。よろしいですか。",
  "guaranteed.act.sureSubmit": "はい、手元にあります",
  "guaranteed.act.acceptPartHint":
    "間違いのない商品は、それぞれいくつですか。その分だけお支払いが必要になります。",
  "guaranteed.act.finalUnder":
    "未発送の分の与信枠が元に戻ります。配送中の分と拒否した分は、そのまま続きます。",
  "guaranteed.act.rejectHint": "それぞれいくつですか。解決するまで、その分のお支払いは必要ありません。",
  "guaranteed.act.kind.wrongUnder": "商品を返送していただくと、その分のお支払いは不要となります。",
  "guaranteed.act.cancelHint": "商品はまだ発送されていません。与信枠が元に戻ります。",
  "guaranteed.act.cancelOpenHint": "保証はまだ始まっていません。取り消したことは店舗に通知されます。",
  "guaranteed.act.cancelPartHint":
    "それぞれいくつですか。その分の与信枠が元に戻ります。配送中の商品は取り消されません。",
  "guaranteed.act.sureCancel":
    "取り消してもよろしいですか。{amount}分の与信枠が元に戻り、その分は発送されません。",
  "guaranteed.act.extendReservedHint": "その分、お客様の与信枠が長く使われます。",
  "guaranteed.act.wish":
    "店舗が、保証期間を {until} まで延長するよう求めています。その間、与信枠は確保されたままです。お返事がなければ、期限は変わりません。",
  "guaranteed.silence.approveBy": "この日時までに承認されなければ、取引は失効します。保証は行われません。",
  "guaranteed.silence.shipBy":
    "この日時までに店舗が発送しなかった分は取り消され、その分のお支払いは必要ありません。",
  "guaranteed.silence.acceptBy":
    "この日時までに誰からもお返事がなければ、配達済みの商品は検収されたものとみなされ、お支払いが必要になります。",
  "guaranteed.silence.reservedUntil":
    "この日時まで保証されます。以後、発送されなかった分は取り消され、それ以外はすべてオペレーターが扱います。",
  "guaranteed.silence.reservedLeft":
    "この日時まで保証されます。以後、決まっていない分はオペレーターが扱います。",
  "guaranteed.silence.unshippedUntil": "この日時までに店舗が発送しなかった分は取り消されます。",
};

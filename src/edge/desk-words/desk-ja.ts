/** The same in Japanese. */
import type { desk as english } from "./desk-en.ts";

export const desk: Record<keyof typeof english, string> = {
  "nav.desk": "受付",
  "nav.desk/find": "検索",
  "desk.foot": "検収とは、届いた品物を確かめて、間違いないと認めることです。",
  "desk.title": "受付",
  "desk.lead": "お問い合わせの取引や会員を探し、対応を待っているものを確認します。",
  "desk.waits": "対応を待っているもの",
  "desk.nothing": "待っているものはありません。",
  "desk.count": "{count}件",
  "desk.countMany": "{count}件以上",
  "desk.late": "うち期限超過{count}件",
  "desk.oldest": "最も古いもの",
  "desk.queue.operator-acts": "確認を待つ操作",
  "desk.queue.disputes": "裁定を待つ紛争",
  "desk.queue.credit-requests": "信用保証の審査",
  "desk.queue.lent-lines": "貸与枠",
  "desk.queue.debts": "会員の未払金",
  "desk.queue.collectors": "収納業者",
  "desk.queue.bank-transfers": "振込入金",
  "desk.queue.payout-files": "ファイルを待つ出金",
  "desk.queue.objections": "異議申し立て",
  "desk.more": "その他",
  "desk.trades": "すべての取引（新しい順）",
  "desk.looks": "個人情報の閲覧の記録",
};

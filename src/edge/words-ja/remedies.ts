/** What people read and print when goods go back, and what they keep of a trade. */
import type { Subject } from "../words-en/words-en.ts";

export const remedies: Subject<"remedies"> = {
  "back.to": "返送先：",
  "back.nowhere":
    "店舗は返送先を登録していません。返送する前に店舗に確認し、発送したことの控えを保管してください。",
  "back.label": "荷物に貼るラベルを印刷する",
  "label.title": "返送用ラベル",
  "label.lead": "このページを印刷して荷物に貼るか、宛先と番号を荷物に書き写してください。",
  "label.to": "宛先",
  "label.goods": "荷物の内容",
  "thread.title": "紛争でのやり取り",
  "thread.trade.disputed": "紛争の申し立て",
  "thread.trade.answered": "回答",
  "thread.trade.said": "追記",
  "thread.trade.offered": "解決案",
  "paper.title": "取引 {number} の控え",
  "paper.by": "販売店舗は{shop}、記録は{server}です。{at} 時点の内容です。",
  "paper.behind": "直前の動きは、署名付きの記録に登録中です。まもなくこのページに表示されます。",
  "paper.none": "この取引の内容は、署名付きの記録にまだ登録されていません。",
  "paper.proof": "署名付きの記録",
  "paper.proven": "この取引の{all}件のうち{count}件が、このサーバーの署名付きの記録に登録されています。",
  "paper.log": "記録",
  "paper.size": "署名時の長さ",
  "paper.root": "署名の対象",
  "paper.witnesses": "ほかに署名したサーバー",
  "paper.file": "誰にも問い合わせずに検証できるファイル",
  "paper.toPage": "控えを印刷する",
};

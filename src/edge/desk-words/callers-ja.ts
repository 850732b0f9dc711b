/** The same in Japanese. */
import type { callers as english } from "./callers-en.ts";

export const callers: Record<keyof typeof english, string> = {
  "caller.title": "ご依頼の方",
  "caller.channel": "ご連絡の方法",
  "caller.channel.phone": "電話",
  "caller.channel.fax": "FAX",
  "caller.channel.letter": "手紙",
  "caller.channel.counter": "窓口",
  "caller.reference": "受付の記録番号",
  "caller.referenceHint":
    "通話、FAX、手紙などの受付番号を入力してください。記録に残り続けるため、個人情報は入力しないでください。",
  "caller.proof": "本人確認の方法",
  "caller.proof.callback": "登録されている電話番号に折り返した",
  "caller.proof.document": "本人確認書類を確認した",
  "caller.proof.code": "登録されている連絡先に送ったコードを確認した",
  "caller.proofReference": "本人確認の記録番号",
  "caller.proofReferenceHint":
    "社内の記録の番号を入力してください。書類の番号やコードは入力しないでください。",
  "caller.as": "どなたからのご依頼か",
  "caller.as.buyer": "購入者",
  "caller.as.recipient": "受取人",
  "caller.as.shop": "店舗",
  "caller.as.carrier": "配送業者",
  "caller.as.provider": "サービス提供者",
  "caller.as.operator": "オペレーターの判断",
  "caller.why": "理由（オペレーターのみ閲覧）",
  "caller.readBack": "この内容を一字一句読み上げ、ご本人の同意を得ました",
  "caller.mistake.channel": "ご連絡の方法を選択してください。",
  "caller.mistake.as": "どなたからのご依頼かを選択してください。",
  "caller.mistake.reference": "受付の記録番号を入力してください。",
  "caller.mistake.proof": "本人確認の方法を選択してください。",
  "caller.mistake.proofReference": "本人確認の記録番号を入力してください。",
  "caller.mistake.readBack": "先に内容を読み上げてください。ここに表示されているとおりに処理されます。",
};

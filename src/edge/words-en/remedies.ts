/** What people read and print when goods go back, and what they keep of a trade. */
export const remedies = {
  "back.to": "Send it to:",
  "back.nowhere":
    "The shop has not said where to send it. Ask it before you send anything, and keep the proof that you did.",
  "back.label": "Print a label for the parcel",
  "label.title": "Return label",
  "label.lead": "Print this page and put it on the parcel, or copy the address and the number onto it.",
  "label.to": "To",
  "label.goods": "In this parcel",
  "thread.title": "What was said in the dispute",
  "thread.trade.disputed": "opened the dispute",
  "thread.trade.answered": "answered",
  "thread.trade.said": "added",
  "thread.trade.offered": "made an offer",
  "paper.title": "Receipt of trade {number}",
  "paper.by": "Sold by {shop}, kept by {server}. As it stood on {at}.",
  "paper.behind":
    "What has just happened is still on its way into the signed record. This page shows it in a moment.",
  "paper.none": "Nothing of this trade is in the signed record yet.",
  "paper.proof": "Signed record",
  "paper.proven": "{count} of {all} entries of this trade are in the signed record of this server.",
  "paper.log": "Record",
  "paper.size": "Length when it was signed",
  "paper.root": "What the signature stands over",
  "paper.witnesses": "Also signed by",
  "paper.file": "The same as a file that can be checked without asking anybody",
  "paper.toPage": "A receipt to print",
};

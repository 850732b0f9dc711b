/**
 * What is said otherwise where a guarantor stands for the buyer: nothing is frozen, their credit line is taken, and they pay after
 * they have accepted. Each key is that of the sentence it stands for, behind `guaranteed.`.
 */
export const guaranteed = {
  "guaranteed.foot":
    "The guarantor stands for the money when you order, and you pay after you have accepted.",
  "guaranteed.state.refused": "Not guaranteed",
  "guaranteed.state.reserved": "Guaranteed",
  "guaranteed.money.frozen": "Guaranteed",
  "guaranteed.money.released": "Free again",
  "guaranteed.event.trade.extension_asked": "{who} asked to keep the guarantee for longer.",
  "guaranteed.event.trade.ordered":
    "{who} entered the order that belongs under this number. What was taken beyond it is free again.",
  "guaranteed.revision.stays":
    "What was agreed stays, guaranteed as it is, until the buyer agrees to them. They can until {until}.",
  "guaranteed.act.offerPayHint": "For the rest the buyer owes nothing.",
  "guaranteed.trade.step.frozen": "Guaranteed",
  "guaranteed.event.trade.reserved": "The guarantor stands for it. The shop can deliver.",
  "guaranteed.event.trade.refused": "The guarantor could not stand for it.",
  "guaranteed.event.trade.cancelled": "{who} cancelled the trade. The credit line is free again.",
  "guaranteed.event.trade.expired": "The time ran out. The credit line is free again.",
  "guaranteed.now.earmark": "The credit line is taken for it. The order is still to follow.",
  "guaranteed.now.proposed": "The shop has proposed this. Nobody stands for it until it is approved.",
  "guaranteed.now.refused":
    "The guarantor could not stand for it. The order is still open: choose another means of payment.",
  "guaranteed.now.reserved": "The guarantor stands for it. The shop has not shipped anything yet.",
  "guaranteed.now.way": "It is on the way. Nothing is to be paid until it has come and is right.",
  "guaranteed.now.cancelled": "Cancelled. What it took of the credit line is free again.",
  "guaranteed.now.rejected": "What was rejected is settled. Nothing is to be paid for it.",
  "guaranteed.now.toSend":
    "Something was rejected. It has to be sent back; nothing is to be paid for it meanwhile.",
  "guaranteed.now.withdrawn":
    "Goods were given up. They have to be sent back; then nothing is owed for them, and what was paid comes back.",
  "guaranteed.now.looking":
    "Something did not come. The shop looks into it; nothing is to be paid for it meanwhile.",
  "guaranteed.now.expired": "The time ran out. What it took of the credit line is free again.",
  "guaranteed.done.approve": "Approved. The guarantor stands for it, and you pay after you have accepted.",
  "guaranteed.done.decline": "Declined. The shop has been told.",
  "guaranteed.done.reject": "Noted. Nothing is to be paid for it until this is sorted out.",
  "guaranteed.done.cancel": "The trade is cancelled. The credit line is free again.",
  "guaranteed.done.cancelPart":
    "What had not been shipped is called off. Its part of the credit line is free again.",
  "guaranteed.door.warning":
    "Give this code only when the parcel is in your hands: giving it accepts, and then you owe what it costs.",
  "guaranteed.act.acceptAllHint": "You have the goods and they are right. Then {amount} is to be paid.",
  "guaranteed.act.acceptEarlyHint":
    "Nobody has reported it delivered. Accept only what is in your hands: {amount} would be owed at once.",
  "guaranteed.act.sure":
    "Nobody has reported this delivered. Do you have it, and shall {amount} be owed for it from now on?",
  "guaranteed.act.sureAny":
    "Nobody has reported this delivered. Do you have it, and shall it be owed from now on?",
  "guaranteed.act.sureSubmit": "Yes, I have it",
  "guaranteed.act.acceptPartHint": "How many of each are right? Only these are to be paid.",
  "guaranteed.act.finalUnder":
    "Its part of the credit line becomes free. What is on the way or was rejected goes on as it is.",
  "guaranteed.act.rejectHint": "How many of each? Nothing is to be paid for them until this is sorted out.",
  "guaranteed.act.kind.wrongUnder": "You send it back; then nothing is owed for it.",
  "guaranteed.act.cancelHint": "Nothing has been shipped yet. The credit line becomes free.",
  "guaranteed.act.cancelOpenHint": "Nobody stands for it yet. The shop is told that you do not want it.",
  "guaranteed.act.cancelPartHint":
    "How many of each? Their part of the credit line becomes free. What is on the way stays bought.",
  "guaranteed.act.sureCancel":
    "Shall this be called off? {amount} of the credit line becomes free again, and the shop sends nothing for it.",
  "guaranteed.act.extendReservedHint": "Your credit line then stays taken for longer.",
  "guaranteed.act.wish":
    "The shop asks that your credit line stay taken until {until}. If you say nothing, it stays as it is.",
  "guaranteed.silence.approveBy": "If it is not approved by then, it lapses. Nobody stands for it.",
  "guaranteed.silence.shipBy":
    "What the shop has not shipped by then is called off, and nothing is to be paid for it.",
  "guaranteed.silence.acceptBy":
    "If nobody says anything by then, what was delivered counts as accepted and is to be paid.",
  "guaranteed.silence.reservedUntil":
    "Guaranteed until then. What was not shipped is called off after that, and an operator looks at all else.",
  "guaranteed.silence.reservedLeft":
    "Guaranteed until then. An operator looks at what nobody has decided after that.",
  "guaranteed.silence.unshippedUntil": "What the shop has not shipped by then is called off.",
};

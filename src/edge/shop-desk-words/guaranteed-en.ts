/** What is said at a guarantor instead, where the buyer's credit line is taken and nothing is frozen. */
export const guaranteed = {
  "guaranteed.shopStand.refused":
    "The guarantor does not stand for it. Send nothing; the buyer can choose another way to pay.",
  "guaranteed.shopStand.reserved": "The guarantor stands for the money. Please send the goods.",
  "guaranteed.shopStand.look":
    "The guarantor stands for the money. The buyer may still look at the order until {until}: you can send it from then on, or as soon as they have said that it is theirs.",
  "guaranteed.shopStand.rejected": "What was rejected is settled. The guarantor stands for nothing any more.",
  "guaranteed.shopStand.toSend":
    "Something was rejected. The buyer has to send it back; the guarantor stands for it until you have it.",
  "guaranteed.shopSure.free": "Guaranteed no more, and not to be paid by the buyer",
  "guaranteed.shopForm.offerHint":
    "{rest} is guaranteed and not accepted. The buyer can take your offer or leave it.",
  "guaranteed.shopForm.offerPayHint": "For the rest the buyer owes nothing.",
  "guaranteed.shopForm.cancelWhole":
    "For all that is not accepted the buyer owes nothing any more, also for goods that have been delivered.",
  "guaranteed.shopForm.cancelHint":
    "How many of each do you not send, or were lost on the way? For these the buyer owes nothing any more.",
  "guaranteed.shopDo.extend": "Keep it guaranteed until then",
  "guaranteed.shopStanding.frozen": "At once stood for, for you, at most",
};

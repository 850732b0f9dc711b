/** What the shop says otherwise of an order for which a guarantor stands. Each key is that of the sentence it stands for. */
export const guaranteed = {
  "guaranteed.foot": "A guarantor stands for your order, and you pay after you have accepted the goods.",
  "guaranteed.lead.proposed":
    "Your order is written down. Please approve it, so that the guarantor stands for it and we can ship.",
  "guaranteed.lead.refused": "The guarantor could not stand for it. Please choose another way to pay.",
  "guaranteed.lead.reserved": "The guarantor stands for your order. We are packing.",
  "guaranteed.lead.way": "We have shipped. You pay nothing until it has come and is right.",
  "guaranteed.lead.cancelled": "The order was cancelled. There is nothing to pay.",
  "guaranteed.lead.rejected": "What you rejected is settled. There is nothing to pay for it.",
  "guaranteed.lead.toSend": "Something was not right. Please send it back; you pay nothing for it meanwhile.",
  "guaranteed.lead.looking": "We are looking into what did not come. You pay nothing for it meanwhile.",
  "guaranteed.lead.expired": "The time ran out, and there is nothing to pay.",
  "guaranteed.order.cancelSure":
    "Shall we cancel the whole order? {amount} of your credit line becomes free again, and we send nothing.",
  "guaranteed.order.cancelSureAny":
    "Shall we cancel the whole order? Nobody stands for it yet, and we send nothing.",
  "guaranteed.order.acceptSure":
    "Nobody but us has reported it delivered. Do you have it, and shall {amount} be owed for it from now on?",
  "guaranteed.order.acceptSureAny":
    "Nobody but us has reported it delivered. Do you have it, and shall it be owed from now on?",
  "guaranteed.order.acceptYes": "Yes, I have it",
  "guaranteed.stand.refused":
    "The guarantor could not stand for it. Ship nothing; the buyer can choose another way to pay.",
  "guaranteed.stand.reserved": "The guarantor stands for it. Please ship.",
  "guaranteed.stand.look":
    "The guarantor stands for it. The buyer may still look at the order until {until}. Ship nothing before, unless they have said that it is theirs.",
  "guaranteed.stand.rejected": "What was rejected is settled. Nobody stands for it any more.",
  "guaranteed.stand.toSend":
    "Something was rejected. The buyer has to send it back, and owes nothing for it meanwhile.",
};

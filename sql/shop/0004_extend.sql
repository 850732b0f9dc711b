-- The shop can ask for the money to stay frozen for longer.
alter table outgoing drop constraint outgoing_call_check;
alter table outgoing add constraint outgoing_call_check check (call in ('propose', 'ship', 'deliver', 'accept', 'return',
  'dispute', 'answer', 'offer', 'acceptOffer', 'cancel', 'refund', 'extend'));

-- The shop says that it has been paid, and claims what was not.
alter table outgoing drop constraint outgoing_call_check;
alter table outgoing add constraint outgoing_call_check check (call in ('propose', 'ship', 'deliver', 'accept', 'return',
  'dispute', 'answer', 'offer', 'acceptOffer', 'cancel', 'refund', 'extend', 'release', 'claim'));

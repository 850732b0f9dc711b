-- What was done about stores of a chain and the orders that are offered to them is in the record, too: by whom, at which server.
alter table staff_record
  drop constraint staff_record_act_check,
  drop constraint staff_record_check,
  drop constraint staff_record_check1;
alter table staff_record
  add constraint staff_record_act_check check (act in ('add', 'role', 'password', 'end', 'returns',
    'invite', 'drop', 'wait', 'agree', 'leave', 'take', 'pass')),
  add constraint staff_record_whom_check check ((act in ('add', 'role', 'password', 'end')) = (member is not null)),
  add constraint staff_record_what_check check ((act in ('password', 'end')) = (said is null));

-- What the institution can be told, since goods are under way: shipped, contested, answered, offered.
alter table outgoing drop constraint outgoing_call_check;
alter table outgoing add constraint outgoing_call_check check (call in ('propose', 'ship', 'deliver', 'accept', 'return',
  'dispute', 'answer', 'offer', 'acceptOffer', 'cancel', 'refund'));

-- Trades that were last seen before know of no goods under way. What has not ended is asked about again at once.
update orders set
  view = '{"independent": [], "lots": [], "parcels": [], "dispute": null, "offer": null, "refundDue": 0,
      "extensionAsked": null}'::jsonb || view
    || jsonb_build_object(
      'deadlines', '{"deliverBy": null, "returnBy": null, "inspectBy": null, "answerBy": null, "decideBy": null}'::jsonb
        || (view -> 'deadlines'),
      'lines', coalesce((select jsonb_agg('{"shipped": 0, "withdrawn": 0, "ended": 0}'::jsonb || line order by place)
        from jsonb_array_elements(view -> 'lines') with ordinality as given (line, place)), '[]'::jsonb)),
  check_at = case when check_at is null then null else clock_timestamp() end
where view is not null and not view ? 'lots';

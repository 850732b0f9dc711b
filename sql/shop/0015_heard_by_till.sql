-- Old messages are found by the index of each server's newest.
drop index heard_messages_by_age;

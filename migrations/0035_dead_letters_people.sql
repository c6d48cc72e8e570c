UPDATE dead_letters
SET identity_id = SUBSTRING_INDEX(dest, ':', -1),
    ticket_id = JSON_EXTRACT(notice, '$.person.ticket'),
    reason = CASE WHEN cause LIKE 'the person can%' THEN 'blocked'
                  WHEN cause LIKE 'the platform refused%' THEN 'refused'
                  ELSE 'our-fault' END
WHERE dest LIKE 'person:%';

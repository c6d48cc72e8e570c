UPDATE dead_letters
SET place_id = SUBSTRING_INDEX(SUBSTRING_INDEX(dest, ':', 2), ':', -1),
    ticket_id = SUBSTRING_INDEX(dest, ':', -1),
    reason = CASE WHEN cause LIKE 'the place is gone%' THEN 'no-access'
                  WHEN cause LIKE 'the platform refused%' THEN 'refused'
                  ELSE 'our-fault' END
WHERE dest LIKE 'place:%';

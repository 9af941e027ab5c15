-- From which segment on a part was first sealed after its sitting's close, and by how much the last of them; found at
-- assembly, when the log that knows the times is about to forget them.
ALTER TABLE part ADD COLUMN late_from BIGINT;
ALTER TABLE part ADD COLUMN late_by_ms BIGINT;

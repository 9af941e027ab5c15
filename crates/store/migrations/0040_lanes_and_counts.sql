-- Jobs of one lane are done beside those of others, the one wanted first first. What has arrived of a part is kept
-- beside its row once it is assembled: intervals of segment indexes, JSON.
ALTER TABLE job ADD COLUMN lane TEXT NOT NULL DEFAULT 'quick';
ALTER TABLE job ADD COLUMN wanted_at BIGINT NOT NULL DEFAULT 0;
UPDATE job SET wanted_at = due_at;
UPDATE job SET lane = 'footage' WHERE kind = 'assemble';
CREATE INDEX job_lane ON job (lane, wanted_at) WHERE done_at IS NULL;
ALTER TABLE part ADD COLUMN received TEXT;

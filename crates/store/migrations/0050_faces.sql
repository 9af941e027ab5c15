-- The desk finds a candidate by their 考生号 in whatever season.
CREATE INDEX profile_by_number ON profile (number_hash) WHERE number_hash IS NOT NULL;

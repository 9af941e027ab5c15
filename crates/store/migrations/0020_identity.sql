-- Documents, profiles and their pictures. What they say is closed with the candidate's own key; kinds, states and
-- times are not personal and stand in clear.

-- A candidate's picture: checked, turned upright, without metadata, an object closed with the candidate's key. The
-- row is there before the object, so that whatever is abandoned on the way is found again and dropped.
CREATE TABLE picture (
    id TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    object_key TEXT NOT NULL,
    kid TEXT NOT NULL,
    plain_bytes BIGINT NOT NULL,
    sha256 BLOB NOT NULL,
    reading_cipher BLOB,
    created_at BIGINT NOT NULL,
    stored_at BIGINT,
    expires_at BIGINT,
    dropped_at BIGINT
);
CREATE INDEX picture_candidate ON picture (candidate_id, created_at);
CREATE INDEX picture_expiry ON picture (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX picture_dropped ON picture (dropped_at) WHERE dropped_at IS NOT NULL;

-- Who a candidate says they are, on the way to an identity; the newest claim only. `id` changes with each claim, so
-- that the answer to an older one settles nothing.
CREATE TABLE identity_claim (
    candidate_id TEXT PRIMARY KEY REFERENCES account (id),
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT,
    kid TEXT NOT NULL,
    document_type TEXT NOT NULL,
    number_hash TEXT NOT NULL,
    cipher BLOB NOT NULL,
    review_id TEXT,
    claimed_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX identity_claim_number ON identity_claim (number_hash);

-- How an identity was authenticated: `typed`, `photo`, `desk`, `appeal`.
ALTER TABLE identity ADD COLUMN road TEXT NOT NULL DEFAULT 'typed';

-- A season's own table of 考生号 patterns, where the operator imported one.
CREATE TABLE season (
    season TEXT PRIMARY KEY,
    number_rules TEXT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);

-- What a candidate is in a season: 高考生 with a 考生号, or something else.
CREATE TABLE profile (
    candidate_id TEXT NOT NULL REFERENCES account (id),
    season TEXT NOT NULL,
    class TEXT NOT NULL,
    kid TEXT NOT NULL,
    number_hash TEXT,
    cipher BLOB NOT NULL,
    confirmed_at BIGINT NOT NULL,
    PRIMARY KEY (candidate_id, season)
);
CREATE UNIQUE INDEX profile_number ON profile (season, number_hash);

-- What an agent changed of something final: old and new values and the evidence, closed with the candidate's key.
CREATE TABLE correction (
    id TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES account (id),
    by_account TEXT NOT NULL,
    review_id TEXT,
    kid TEXT NOT NULL,
    cipher BLOB NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX correction_candidate ON correction (candidate_id, at);

-- The desk and faces. What people wrote, facts, embeddings and measures are closed with the candidate's own key;
-- states, times and outcomes are not personal and stand in clear, so that they can be asked for.

-- A question that a person at the desk decides. `state` is the aggregate; the columns beside it are copied from it.
CREATE TABLE review (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    candidate_id TEXT NOT NULL REFERENCES account (id),
    sitting_id TEXT REFERENCES sitting (id),
    status TEXT NOT NULL,
    claimed_by TEXT,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    schema_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    facts_cipher BLOB NOT NULL
);
CREATE UNIQUE INDEX review_live ON review (candidate_id, kind, topic) WHERE closed_at IS NULL;
CREATE INDEX review_queue ON review (due_at) WHERE closed_at IS NULL;
CREATE INDEX review_candidate ON review (candidate_id, opened_at);
CREATE INDEX review_closed ON review (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE review_event (
    review_id TEXT NOT NULL REFERENCES review (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    words_cipher BLOB,
    PRIMARY KEY (review_id, seq)
) WITHOUT ROWID;

-- What a candidate and the desk write to each other; `log_cipher` is the device's log, sent by consent.
CREATE TABLE desk_message (
    id TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES account (id),
    review_id TEXT REFERENCES review (id),
    from_desk BIGINT NOT NULL,
    author_id TEXT NOT NULL,
    cipher BLOB NOT NULL,
    log_cipher BLOB,
    at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX desk_message_candidate ON desk_message (candidate_id, at);
CREATE INDEX desk_message_unread ON desk_message (from_desk, at) WHERE read_at IS NULL;

-- How an account stands with face checks; no row is Unverified.
CREATE TABLE face_standing (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    standing TEXT NOT NULL,
    version BIGINT NOT NULL,
    schema_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- A face that others are compared with: an embedding, closed.
CREATE TABLE face_reference (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    source TEXT NOT NULL,
    engine TEXT NOT NULL,
    cipher BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX face_reference_account ON face_reference (account_id) WHERE removed_at IS NULL;

-- A random challenge that the server issued: bound to a login, used once. `version` counts its frames.
CREATE TABLE face_challenge (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    login_id TEXT NOT NULL,
    nonce_hash TEXT NOT NULL,
    steps TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    outcome TEXT,
    cipher BLOB
);
CREATE INDEX face_challenge_account ON face_challenge (account_id, created_at);
CREATE INDEX face_challenge_expiry ON face_challenge (expires_at);

-- Digests of frames that were used: the same picture never counts twice.
CREATE TABLE face_frame (
    account_id TEXT NOT NULL REFERENCES account (id),
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, digest)
) WITHOUT ROWID;
CREATE INDEX face_frame_at ON face_frame (at);

-- One comparison. `picture_id` names the picture that was looked at, where it was kept.
CREATE TABLE face_check (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    login_id TEXT NOT NULL,
    sitting_id TEXT REFERENCES sitting (id),
    subject_id TEXT,
    take_id TEXT,
    purpose TEXT NOT NULL,
    mode TEXT NOT NULL,
    outcome TEXT NOT NULL,
    lets_begin BIGINT NOT NULL,
    cause TEXT,
    distance DOUBLE PRECISION,
    picture_id TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX face_check_account ON face_check (account_id, at);
CREATE INDEX face_check_sitting ON face_check (sitting_id, at);

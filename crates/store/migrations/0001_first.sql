-- The first schema. Ids are UUIDv7 texts, `_at` are milliseconds since the epoch, JSON documents are TEXT.
-- Every row that a school owns names it; `kid` is the key that a ciphertext, lookup hash or receipt was made with.

CREATE TABLE school (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    kid TEXT NOT NULL,
    phone_hash TEXT NOT NULL UNIQUE,
    phone_cipher BLOB NOT NULL,
    password_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A sign-in on one device; its token is kept hashed.
CREATE TABLE login (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX login_account ON login (account_id, created_at);

-- One-time codes sent to a phone.
CREATE TABLE code (
    id TEXT PRIMARY KEY,
    kid TEXT NOT NULL,
    phone_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX code_phone ON code (phone_hash, purpose, created_at);
CREATE INDEX code_expiry ON code (expires_at);

-- The embedded messenger's outbox.
CREATE TABLE message (
    id TEXT PRIMARY KEY,
    kid TEXT NOT NULL,
    to_cipher BLOB NOT NULL,
    body_cipher BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX message_expiry ON message (expires_at);

CREATE TABLE membership (
    account_id TEXT NOT NULL REFERENCES account (id),
    school_id TEXT NOT NULL REFERENCES school (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, school_id, role)
) WITHOUT ROWID;
CREATE INDEX membership_school ON membership (school_id);

CREATE TABLE platform_role (
    account_id TEXT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, role)
) WITHOUT ROWID;

-- A candidate is an account's person, with the account's id. Destroying the key deletes what it wrapped.
CREATE TABLE candidate_key (
    candidate_id TEXT PRIMARY KEY REFERENCES account (id),
    kid TEXT NOT NULL,
    wrapped_key BLOB,
    created_at BIGINT NOT NULL,
    destroyed_at BIGINT
);

CREATE TABLE identity (
    candidate_id TEXT PRIMARY KEY REFERENCES account (id),
    kid TEXT NOT NULL,
    document_type TEXT NOT NULL,
    number_hash TEXT NOT NULL,
    province TEXT NOT NULL,
    cipher BLOB NOT NULL,
    confirmed_at BIGINT NOT NULL,
    UNIQUE (document_type, number_hash)
);

CREATE TABLE exam (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    state TEXT NOT NULL,
    current_revision_id TEXT,
    title TEXT NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX exam_school ON exam (school_id, created_at);

-- Immutable: a change is a new number.
CREATE TABLE exam_revision (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    number BIGINT NOT NULL,
    schema_version BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (exam_id, number)
);

CREATE TABLE roster_preview (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    major_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    kid TEXT NOT NULL,
    cipher BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX roster_preview_expiry ON roster_preview (expires_at);

CREATE TABLE roster_import (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    major_id TEXT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    removed BIGINT NOT NULL
);
CREATE INDEX roster_import_exam ON roster_import (exam_id, imported_at);

CREATE TABLE roster_entry (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    major_id TEXT NOT NULL,
    document_type TEXT NOT NULL,
    kid TEXT NOT NULL,
    number_hash TEXT NOT NULL,
    name_hash TEXT NOT NULL,
    province TEXT NOT NULL,
    cipher BLOB NOT NULL,
    import_id TEXT,
    imported_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX roster_entry_active ON roster_entry (exam_id, major_id, document_type, number_hash)
    WHERE removed_at IS NULL;
CREATE INDEX roster_entry_number ON roster_entry (number_hash) WHERE removed_at IS NULL;

CREATE TABLE enrolment (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    major_id TEXT NOT NULL,
    revision_id TEXT NOT NULL REFERENCES exam_revision (id),
    candidate_id TEXT NOT NULL REFERENCES account (id),
    roster_entry_id TEXT REFERENCES roster_entry (id),
    confirmed_at BIGINT NOT NULL,
    UNIQUE (exam_id, major_id, candidate_id)
);
CREATE INDEX enrolment_candidate ON enrolment (candidate_id, confirmed_at);

-- One candidate's run through one major in one session. `state` is the aggregate; the columns beside it are
-- what is asked for, copied from it at every save.
CREATE TABLE sitting (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    revision_id TEXT NOT NULL REFERENCES exam_revision (id),
    major_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    candidate_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    closes_at BIGINT,
    due_at BIGINT,
    version BIGINT NOT NULL,
    schema_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (enrolment_id, session_id)
);
CREATE INDEX sitting_exam ON sitting (exam_id, entered_at);
CREATE INDEX sitting_candidate ON sitting (candidate_id);
CREATE INDEX sitting_due ON sitting (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE sitting_event (
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    seq BIGINT NOT NULL,
    school_id TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    command_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (sitting_id, seq)
) WITHOUT ROWID;

-- What a command was answered, for when it is repeated. The scope is the aggregate or the account.
CREATE TABLE command (
    scope TEXT NOT NULL,
    command_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (scope, command_id)
) WITHOUT ROWID;
CREATE INDEX command_at ON command (at);

-- One run of a recorder. `media` and `device` are JSON.
CREATE TABLE part (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    owner_kind BIGINT NOT NULL,
    owner_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    take_id TEXT,
    candidate_id TEXT NOT NULL,
    camera TEXT NOT NULL,
    number BIGINT NOT NULL,
    mime TEXT NOT NULL,
    media TEXT NOT NULL,
    device TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    last_index BIGINT,
    head BLOB,
    bytes BIGINT,
    duration_ms BIGINT,
    cipher TEXT NOT NULL,
    key_id TEXT NOT NULL,
    UNIQUE (owner_id, number)
);
CREATE INDEX part_sitting ON part (sitting_id);
CREATE INDEX part_state ON part (state, opened_at);

CREATE TABLE seal (
    part_id TEXT NOT NULL REFERENCES part (id),
    idx BIGINT NOT NULL,
    head BLOB NOT NULL,
    sealed_at BIGINT NOT NULL,
    late BIGINT NOT NULL,
    PRIMARY KEY (part_id, idx)
) WITHOUT ROWID;

CREATE TABLE pulse (
    part_id TEXT NOT NULL REFERENCES part (id),
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (part_id, at)
) WITHOUT ROWID;

-- Each part's latest pulse.
CREATE TABLE camera_state (
    part_id TEXT PRIMARY KEY REFERENCES part (id),
    sitting_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX camera_state_sitting ON camera_state (sitting_id);

-- The segment log's objects in S3-compatible storage, and where each segment lies in them.
CREATE TABLE block (
    id TEXT PRIMARY KEY,
    node TEXT NOT NULL,
    object_key TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    kid TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    dropped_at BIGINT
);
CREATE INDEX block_created ON block (created_at) WHERE dropped_at IS NULL;

CREATE TABLE segment (
    part_id TEXT NOT NULL REFERENCES part (id),
    idx BIGINT NOT NULL,
    digest BLOB NOT NULL,
    seal BLOB NOT NULL,
    len BIGINT NOT NULL,
    block_id TEXT REFERENCES block (id),
    at_offset BIGINT NOT NULL,
    stored_at BIGINT NOT NULL,
    PRIMARY KEY (part_id, idx)
) WITHOUT ROWID;
CREATE INDEX segment_block ON segment (block_id);

CREATE TABLE asset (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    part_id TEXT NOT NULL REFERENCES part (id),
    kind TEXT NOT NULL,
    object_key TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    plain_bytes BIGINT NOT NULL,
    sha256 BLOB NOT NULL,
    kid TEXT NOT NULL,
    media TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (part_id, kind)
);

-- The server's signed word; `payload` is the exact text that was signed.
CREATE TABLE receipt (
    id TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    sitting_id TEXT NOT NULL REFERENCES sitting (id),
    subject_id TEXT,
    kind TEXT NOT NULL,
    kid TEXT NOT NULL,
    payload TEXT NOT NULL,
    signature BLOB NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX receipt_sitting ON receipt (sitting_id, at);

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    school_id TEXT,
    kind TEXT NOT NULL,
    dedup_key TEXT UNIQUE,
    body TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    locked_by TEXT,
    locked_until BIGINT,
    done_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (due_at) WHERE done_at IS NULL;
CREATE INDEX job_done ON job (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    school_id TEXT,
    account_id TEXT,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id, at);
CREATE INDEX audit_school ON audit (school_id, at);

-- How people are reached and found: a phone number, an e-mail address, or both. `account.phone_hash` and
-- `phone_cipher` are still filled for the release before this one (without a number by the account's id and
-- nothing); a later release drops them.
CREATE TABLE contact (
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    kid TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    cipher BLOB NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, kind)
);
INSERT INTO contact (account_id, kind, kid, hash, cipher, verified_at)
    SELECT id, 'phone', kid, phone_hash, phone_cipher, created_at FROM account;

-- Contacts that an agent put in another's place; both, and the evidence, lie under the candidate's key.
CREATE TABLE contact_change (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    cipher BLOB NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX contact_change_account ON contact_change (account_id, at);

-- One-time codes sent to a contact: takes the place of `code`, which a later release drops.
CREATE TABLE contact_code (
    id TEXT PRIMARY KEY,
    kid TEXT NOT NULL,
    contact_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries BIGINT NOT NULL,
    message_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX contact_code_contact ON contact_code (contact_hash, purpose, created_at);
CREATE INDEX contact_code_expiry ON contact_code (expires_at);

-- How often something may still be sent, counted for all nodes together: `free_at` is when everything that was
-- sent has been paid off.
CREATE TABLE send_limit (
    key TEXT PRIMARY KEY,
    free_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX send_limit_free ON send_limit (free_at);

-- Messages go out by a channel; those of the embedded one are only shown. What was sent keeps no text.
ALTER TABLE message ADD COLUMN channel TEXT NOT NULL DEFAULT 'embedded';
ALTER TABLE message ADD COLUMN state TEXT NOT NULL DEFAULT 'shown';
ALTER TABLE message ADD COLUMN cause TEXT;
ALTER TABLE message ADD COLUMN sent_at BIGINT;

-- The phone or computer of a login, known again by a cookie of its own, whoever signs in on it.
ALTER TABLE login ADD COLUMN device_id TEXT;

-- What a candidate, or a guardian for them, agreed to: who signed and in which words lies under the candidate's key.
CREATE TABLE consent (
    id TEXT PRIMARY KEY,
    candidate_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    text_version TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    cipher BLOB NOT NULL,
    signed_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE UNIQUE INDEX consent_live ON consent (candidate_id, kind) WHERE withdrawn_at IS NULL;
CREATE INDEX consent_candidate ON consent (candidate_id, signed_at);

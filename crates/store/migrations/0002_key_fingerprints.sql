-- What each generation of the key file is known by: a node that was started with another file of the same
-- number is refused, before it closes anything that the others cannot open.
CREATE TABLE key_fingerprint (
    kid TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL
);

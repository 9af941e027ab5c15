-- What the papers of a revision ask, closed; the revision's own body has the papers without their texts.
CREATE TABLE question_texts (
    revision_id TEXT NOT NULL PRIMARY KEY REFERENCES exam_revision (id),
    school_id TEXT NOT NULL REFERENCES school (id),
    kid TEXT NOT NULL,
    cipher BLOB NOT NULL
);

-- What candidates have done of the tasks before an exam. A booked slot's times are kept as they were booked; a signature
-- is under the candidate's key, beside the hash of the text that was signed.
CREATE TABLE task_progress (
    enrolment_id TEXT NOT NULL REFERENCES enrolment (id),
    task_id TEXT NOT NULL,
    school_id TEXT NOT NULL REFERENCES school (id),
    exam_id TEXT NOT NULL REFERENCES exam (id),
    candidate_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    done_at BIGINT,
    slot_id TEXT,
    starts_at BIGINT,
    ends_at BIGINT,
    text_hash TEXT,
    language TEXT,
    device_id TEXT,
    cipher BLOB,
    PRIMARY KEY (enrolment_id, task_id)
);
CREATE INDEX task_progress_exam ON task_progress (exam_id, task_id);

-- How many places of a slot are taken: whoever raises it has one, and nobody raises it beyond the capacity.
CREATE TABLE slot_taken (
    slot_id TEXT PRIMARY KEY,
    exam_id TEXT NOT NULL REFERENCES exam (id),
    taken BIGINT NOT NULL
);
CREATE INDEX slot_taken_exam ON slot_taken (exam_id);

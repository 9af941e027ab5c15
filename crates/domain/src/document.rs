//! Rules of documents.

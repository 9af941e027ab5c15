//! Where originals and playable files are kept: encrypted objects on local disk or S3, written as they come
//! and read by range. Nothing is ever whole in memory.

use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, WriteMultipart};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use crate::cipher::{self, CipherError, Closer, ObjectKey, Opener};

/// Plain bytes that a stream yields at a time.
const STREAM_BYTES: u64 = 16 * cipher::RECORD_BYTES;
/// Bytes of one part of a multipart upload; S3 wants at least 5 MiB.
const PART_BYTES: usize = 8 << 20;
/// Parts under way at the same time.
const PARTS_AT_ONCE: usize = 2;

/// Why an object cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The storage failed, or has no such object.
    #[error(transparent)]
    Storage(#[from] object_store::Error),
    /// The bytes do not open.
    #[error(transparent)]
    Cipher(#[from] CipherError),
    /// A local file failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The range is not inside the object.
    #[error("bytes {from}..{to} are not inside an object of {length} bytes")]
    Range {
        /// First byte asked for.
        from: u64,
        /// One past the last byte asked for.
        to: u64,
        /// Bytes in the object.
        length: u64,
    },
}

/// An object that was kept, as the database remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredObject {
    /// The object's id, which its header carries.
    pub id: Uuid,
    /// Where it lies.
    pub path: String,
    /// The generation that wraps its key.
    pub kid: u8,
    /// Plain bytes.
    pub bytes: u64,
    /// SHA-256 of the plain bytes, lower-case hex.
    pub digest: String,
}

/// The store of finished footage. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

/// An object that is being written.
pub struct ObjectWriter {
    object: StoredObject,
    upload: WriteMultipart,
    closer: Closer,
    digest: Context,
    closed: Vec<u8>,
}

/// An object that can be read.
#[derive(Debug, Clone)]
pub struct ObjectReader {
    store: Arc<dyn ObjectStore>,
    path: Path,
    opener: Opener,
}

impl Objects {
    /// Objects in a folder, synced when they are finished.
    pub fn local(dir: &FilePath) -> Result<Self, ObjectError> {
        std::fs::create_dir_all(dir)?;
        Ok(Self::new(Arc::new(LocalFileSystem::new_with_prefix(dir)?.with_fsync(true))))
    }

    /// Objects in any store.
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store }
    }

    /// Begins an object at `path`. Nothing is visible there until it is finished.
    pub async fn create(&self, path: &str, id: Uuid, key: &ObjectKey) -> Result<ObjectWriter, ObjectError> {
        let upload: Box<dyn MultipartUpload> = self.store.put_multipart(&Path::from(path)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let (closer, header) = Closer::begin(id, key)?;
        upload.write(&header);
        let object =
            StoredObject { id, path: path.to_owned(), kid: key.kid, bytes: 0, digest: String::new() };
        Ok(ObjectWriter { object, upload, closer, digest: Context::new(&SHA256), closed: Vec::new() })
    }

    /// Keeps a local file as an object.
    pub async fn put_file(
        &self,
        path: &str,
        id: Uuid,
        key: &ObjectKey,
        file: &FilePath,
    ) -> Result<StoredObject, ObjectError> {
        let mut file = tokio::fs::File::open(file).await?;
        let mut writer = self.create(path, id, key).await?;
        let mut chunk = vec![0; 1 << 20];
        loop {
            let read = match file.read(&mut chunk).await {
                Ok(0) => return writer.finish().await,
                Ok(read) => read,
                Err(error) => {
                    writer.abort().await;
                    return Err(error.into());
                }
            };
            writer.write(&chunk[..read]).await?;
        }
    }

    /// Opens an object for reading.
    pub async fn open(&self, object: &StoredObject, key: &ObjectKey) -> Result<ObjectReader, ObjectError> {
        let path = Path::from(object.path.as_str());
        let options = object_store::GetOptions::new().with_range(Some(0..cipher::HEADER_BYTES));
        let head = self.store.get_opts(&path, options).await?;
        let stored = head.meta.size;
        let opener = Opener::new(object.id, key, &head.bytes().await?, stored)?;
        Ok(ObjectReader { store: Arc::clone(&self.store), path, opener })
    }

    /// Deletes an object. Deleting it twice is no error.
    pub async fn delete(&self, path: &str) -> Result<(), ObjectError> {
        match self.store.delete(&Path::from(path)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => Ok(other?),
        }
    }
}

impl ObjectWriter {
    /// Adds bytes; waits while enough is under way.
    pub async fn write(&mut self, plain: &[u8]) -> Result<(), ObjectError> {
        self.digest.update(plain);
        self.object.bytes += plain.len() as u64;
        self.closer.write(plain, &mut self.closed)?;
        self.upload.wait_for_capacity(PARTS_AT_ONCE).await?;
        self.upload.write(&self.closed);
        self.closed.clear();
        Ok(())
    }

    /// Ends the object; it is durable and visible when this returns.
    pub async fn finish(mut self) -> Result<StoredObject, ObjectError> {
        self.closer.finish(&mut self.closed)?;
        self.upload.write(&self.closed);
        self.upload.finish().await?;
        self.object.digest = hex::encode(self.digest.finish());
        Ok(self.object)
    }

    /// Gives the object up; nothing of it stays.
    pub async fn abort(self) {
        if let Err(error) = self.upload.abort().await {
            tracing::warn!(path = self.object.path, %error, "an unfinished object may stay");
        }
    }
}

impl ObjectReader {
    /// Plain bytes of the object.
    pub fn bytes(&self) -> u64 {
        self.opener.plain_bytes()
    }

    /// Plain bytes of a range; only the records that cover it are fetched.
    pub async fn read_range(&self, range: Range<u64>) -> Result<Bytes, ObjectError> {
        if range.start > range.end || range.end > self.bytes() {
            return Err(ObjectError::Range { from: range.start, to: range.end, length: self.bytes() });
        }
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let (records, stored) = self.opener.covering(&range);
        let closed = self.store.get_range(&self.path, stored).await?;
        let plain = Bytes::from(self.opener.open(records.start, closed.to_vec())?);
        let skip = usize::try_from(range.start - records.start * cipher::RECORD_BYTES).unwrap_or(usize::MAX);
        let take = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        Ok(plain.slice(skip..skip + take))
    }

    /// A range as it is read, 1 MiB at a time.
    pub fn stream(&self, range: Range<u64>) -> BoxStream<'static, Result<Bytes, ObjectError>> {
        let reader = self.clone();
        let pieces = stream::unfold((reader, range), |(reader, mut rest)| async move {
            if rest.is_empty() {
                return None;
            }
            let aligned = (rest.start / STREAM_BYTES + 1) * STREAM_BYTES;
            let piece = reader.read_range(rest.start..aligned.min(rest.end)).await;
            // After an error there is nothing more to come.
            rest.start = if piece.is_ok() { aligned.min(rest.end) } else { rest.end };
            Some((piece, (reader, rest)))
        });
        pieces.boxed()
    }
}

impl std::fmt::Debug for ObjectWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObjectWriter").field("object", &self.object).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_s3::S3;

    fn key() -> ObjectKey {
        ObjectKey { kid: 1, key: [3; 32] }
    }

    async fn keep(objects: &Objects, path: &str, bytes: &[u8]) -> StoredObject {
        let mut writer = objects.create(path, Uuid::from_u128(7), &key()).await.unwrap();
        for piece in bytes.chunks(300_000) {
            writer.write(piece).await.unwrap();
        }
        writer.finish().await.unwrap()
    }

    async fn ranges_read_back(objects: &Objects) {
        let bytes: Vec<u8> = (0..20_000_000_u32).map(|at| at.to_le_bytes()[at as usize % 4]).collect();
        let object = keep(objects, "originals/a", &bytes).await;
        assert_eq!(object.bytes, 20_000_000);
        assert_eq!(object.digest, yikao_domain::seal::Hash32::of(&bytes).to_hex());
        let reader = objects.open(&object, &key()).await.unwrap();
        assert_eq!(reader.read_range(0..10).await.unwrap(), bytes[..10]);
        assert_eq!(reader.read_range(65_530..131_080).await.unwrap(), bytes[65_530..131_080]);
        assert_eq!(reader.read_range(19_999_990..20_000_000).await.unwrap(), bytes[19_999_990..]);
        let streamed: Vec<Bytes> = reader.stream(5..5_000_000).map(Result::unwrap).collect().await;
        assert_eq!(streamed.concat(), bytes[5..5_000_000]);
        assert!(matches!(reader.read_range(0..20_000_001).await, Err(ObjectError::Range { .. })));
        objects.delete(&object.path).await.unwrap();
        objects.delete(&object.path).await.unwrap();
        assert!(objects.open(&object, &key()).await.is_err());
    }

    #[tokio::test]
    async fn any_range_of_an_object_on_local_disk_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        ranges_read_back(&Objects::local(dir.path()).unwrap()).await;
    }

    #[tokio::test]
    async fn any_range_of_an_object_on_s3_reads_back() {
        let s3 = S3::start().await;
        ranges_read_back(&Objects::new(Arc::clone(&s3.store))).await;
    }

    #[tokio::test]
    async fn an_object_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let objects = Objects::local(dir.path()).unwrap();
        let mut writer = objects.create("a", Uuid::from_u128(7), &key()).await.unwrap();
        writer.write(&vec![0; 100_000]).await.unwrap();
        writer.abort().await;
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

//! Password hashing: argon2id in a queue of its own, so that ten thousand sign-ins in one minute wait
//! their turn instead of being refused, and never starve the requests of those who are recording.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Memory (KiB), passes and lanes of argon2id: OWASP's second recommendation, 7 MiB a hash, so that a
/// queue of sign-ins at registration's peak fits one small machine.
const COST: (u32, u32, u32) = (7 * 1024, 5, 1);

/// Hashes and checks passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Checked where an account does not exist, so that the answer takes as long.
    decoy: Arc<str>,
}

/// Hashing failed for a reason that is not the password.
#[derive(Debug, thiserror::Error)]
#[error("password hashing: {0}")]
pub struct PasswordError(String);

fn argon() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(COST.0, COST.1, COST.2, None).map_err(|e| PasswordError(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, PasswordError> {
    let hash = argon()?.hash_password(password.as_bytes()).map_err(|e| PasswordError(e.to_string()))?;
    Ok(hash.to_string())
}

fn matches_now(password: &str, hash: &str) -> bool {
    argon().is_ok_and(|argon| argon.verify_password(password.as_bytes(), hash).is_ok())
}

impl Passwords {
    /// A queue that hashes `at_once` passwords at a time.
    pub fn new(at_once: usize) -> Self {
        // A hash of an empty password that nobody can sign in with: it stands for absent accounts only.
        let decoy = "$argon2id$v=19$m=7168,t=5,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        Self { turns: Arc::new(Semaphore::new(at_once)), decoy: decoy.into() }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _turn = self.turns.acquire().await.map_err(|e| PasswordError(e.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| PasswordError(e.to_string()))
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.in_turn(move || hash_now(&password)).await?
    }

    /// Whether `password` is the one that `hash` was made of; `None` where there is no account, which
    /// takes as long to find out.
    pub async fn matches(&self, password: String, hash: Option<String>) -> Result<bool, PasswordError> {
        let decoy = self.decoy.clone();
        let known = hash.is_some();
        let right = self.in_turn(move || matches_now(&password, hash.as_deref().unwrap_or(&decoy))).await?;
        Ok(right && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_account_that_exists_matches() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(passwords.matches("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.matches("wrong".into(), Some(hash)).await.unwrap());
        assert!(!passwords.matches(String::new(), None).await.unwrap());
    }
}

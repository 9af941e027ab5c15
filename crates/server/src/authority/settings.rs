//! What an operator sets about the identity authority. The secret comes from the environment and is never printed.

use clap::Args;

use super::Tencent;
use crate::secret::Secret;

/// The service that says whether a name and a number belong together; without it this server checks what it can.
#[derive(Debug, Clone, Default, Args)]
pub struct AuthoritySettings {
    /// Real-name checks: address of a service that speaks Tencent Cloud's `IdCardVerification` (faceid 2018-03-01,
    /// signed with TC3-HMAC-SHA256), such as `https://faceid.tencentcloudapi.com`.
    #[arg(long, env = "YIKAO_IDENTITY_AUTHORITY")]
    pub identity_authority: Option<String>,
    /// The access key's id for `--identity-authority`.
    #[arg(long, env = "YIKAO_IDENTITY_AUTHORITY_KEY_ID")]
    pub identity_authority_key_id: Option<String>,
    /// The access key's secret for `--identity-authority`: set it in the environment, where no list of processes
    /// shows it.
    #[arg(long, env = "YIKAO_IDENTITY_AUTHORITY_KEY_SECRET", hide_env_values = true)]
    pub identity_authority_key_secret: Option<Secret>,
}

impl AuthoritySettings {
    pub(super) fn tencent(&self) -> Result<Option<Tencent>, String> {
        let Some(service) = &self.identity_authority else { return Ok(None) };
        let missing = |name: &str| format!("--identity-authority needs {name}");
        let id = self.identity_authority_key_id.clone();
        let id = id.ok_or_else(|| missing("--identity-authority-key-id"))?;
        let secret = self.identity_authority_key_secret.clone();
        let secret = secret.ok_or_else(|| missing("YIKAO_IDENTITY_AUTHORITY_KEY_SECRET"))?;
        Tencent::new(service, id, secret).map(Some)
    }
}

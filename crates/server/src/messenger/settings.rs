//! What an operator sets about messages. Secrets come from the environment and are never printed.

use clap::Args;

use super::{Mail, Sms};
use crate::secret::Secret;

/// The services that send messages; without them codes are shown to the operator, or handed out by people.
#[derive(Debug, Clone, Default, Args)]
pub struct MessengerSettings {
    /// Short messages: address of a service that speaks Aliyun's SMS API (2017-05-25, signed with ACS3-HMAC-SHA256),
    /// such as `https://dysmsapi.aliyuncs.com`.
    #[arg(long, env = "YIKAO_SMS")]
    pub sms: Option<String>,
    /// The access key's id for `--sms`.
    #[arg(long, env = "YIKAO_SMS_KEY_ID")]
    pub sms_key_id: Option<String>,
    /// The access key's secret for `--sms`: set it in the environment, where no list of processes shows it.
    #[arg(long, env = "YIKAO_SMS_KEY_SECRET", hide_env_values = true)]
    pub sms_key_secret: Option<Secret>,
    /// The registered signature (短信签名) of short messages.
    #[arg(long, env = "YIKAO_SMS_SIGN_NAME")]
    pub sms_sign_name: Option<String>,
    /// The registered template for codes, with the one variable `code`.
    #[arg(long, env = "YIKAO_SMS_CODE_TEMPLATE")]
    pub sms_code_template: Option<String>,
    /// The registered template for notices, with the one variable `text`; without it notices go by mail only.
    #[arg(long, env = "YIKAO_SMS_NOTICE_TEMPLATE")]
    pub sms_notice_template: Option<String>,
    /// Mail: `smtps://host`, `smtp://host?tls=required`, or `smtp://127.0.0.1:25` on this machine.
    #[arg(long, env = "YIKAO_SMTP")]
    pub smtp: Option<String>,
    /// The user for `--smtp`.
    #[arg(long, env = "YIKAO_SMTP_USER")]
    pub smtp_user: Option<String>,
    /// The password for `--smtp`: set it in the environment, where no list of processes shows it.
    #[arg(long, env = "YIKAO_SMTP_PASSWORD", hide_env_values = true)]
    pub smtp_password: Option<Secret>,
    /// Who mail is from, such as `艺考 <no-reply@example.com>`.
    #[arg(long, env = "YIKAO_MAIL_FROM")]
    pub mail_from: Option<String>,
}

impl MessengerSettings {
    pub(super) fn sms(&self) -> Result<Option<Sms>, String> {
        let Some(service) = &self.sms else { return Ok(None) };
        let wanted = |value: &Option<String>, name: &str| value.clone().ok_or(format!("--sms needs {name}"));
        let secret = self.sms_key_secret.clone().ok_or("--sms needs YIKAO_SMS_KEY_SECRET")?;
        let sms = Sms::new(service, wanted(&self.sms_key_id, "--sms-key-id")?, secret)?;
        Ok(Some(sms.with_templates(
            wanted(&self.sms_sign_name, "--sms-sign-name")?,
            wanted(&self.sms_code_template, "--sms-code-template")?,
            self.sms_notice_template.clone(),
        )))
    }

    pub(super) fn mail(&self) -> Result<Option<Mail>, String> {
        let Some(server) = &self.smtp else { return Ok(None) };
        let from = self.mail_from.as_deref().ok_or("--smtp needs --mail-from")?;
        let login = match (&self.smtp_user, &self.smtp_password) {
            (Some(user), Some(password)) => Some((user.clone(), password.clone())),
            (None, None) => None,
            _ => return Err("--smtp-user and YIKAO_SMTP_PASSWORD belong together".into()),
        };
        Mail::new(server, login, from).map(Some)
    }
}

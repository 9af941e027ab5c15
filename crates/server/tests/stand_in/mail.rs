//! Stands in for an SMTP server: takes mail of who signs in, and answers recipients as scripted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail that was accepted.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReceivedMail {
    pub(crate) to: String,
    pub(crate) login: String,
    pub(crate) text: String,
}

impl ReceivedMail {
    /// The code in it.
    pub(crate) fn code(&self) -> String {
        let body = self.text.split_once("\r\n\r\n").unwrap().1.replace(['\r', '\n'], "");
        let plain = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
        let plain = String::from_utf8(plain).unwrap();
        let digits = plain.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6);
        digits.unwrap().to_owned()
    }
}

#[derive(Default)]
struct Seen {
    answers: VecDeque<String>,
    mails: Vec<ReceivedMail>,
}

/// A mail server on loopback.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl MailServer {
    /// Answers the first recipient with the first line, and so on; then all with 250.
    pub(crate) async fn start(answers: &[&str]) -> Self {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let seen = Arc::new(Mutex::new(Seen { answers, ..Seen::default() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(speak(stream, shared.clone()));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn mails(&self) -> Vec<ReceivedMail> {
        self.seen.lock().unwrap().mails.clone()
    }
}

async fn speak(stream: TcpStream, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut mail = ReceivedMail::default();
    write.write_all(b"220 stand-in\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-stand-in\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN".into(),
            "AUTH" => {
                let given =
                    base64::engine::general_purpose::STANDARD.decode(line.rsplit(' ').next().unwrap());
                mail.login = String::from_utf8(given.unwrap()).unwrap();
                "235 welcome".into()
            }
            "RCPT" => {
                mail.to = line.split(['<', '>']).nth(1).unwrap().to_owned();
                seen.lock().unwrap().answers.pop_front().unwrap_or_else(|| "250 fine".into())
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                while let Some(text) = lines.next_line().await?.filter(|text| text != ".") {
                    mail.text.push_str(&text);
                    mail.text.push_str("\r\n");
                }
                seen.lock().unwrap().mails.push(mail.clone());
                "250 taken".to_owned()
            }
            "QUIT" => {
                write.write_all(b"221 goodbye\r\n").await?;
                return Ok(());
            }
            _ => "250 fine".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

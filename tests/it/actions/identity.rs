//! Whose credentials they are: another role between the question and the write is refused, another session is not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::harness::{Ran, Sim};

use super::shop::{Shop, journal_is_whole};

const ASKED: &str = "arn:aws:sts::123456789012:assumed-role/OnCall/alice";

/// An STS that says `first` once, and `then` from then on. Its thread ends with the test's process.
fn sts(first: &'static str, then: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (at, client) in listener.incoming().enumerate() {
            answer(&client.unwrap(), if at == 0 { first } else { then });
        }
    });
    url
}

/// Answers one request, whatever it asks, and closes.
fn answer(mut client: &TcpStream, arn: &str) {
    let mut request = Vec::new();
    let mut part = [0; 4_096];
    // The body of this one action stands behind its head, and names it.
    while !String::from_utf8_lossy(&request).contains("Action=GetCallerIdentity") {
        match client.read(&mut part) {
            Ok(length) if length > 0 => request.extend(&part[..length]),
            _ => return,
        }
    }
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{arn}</Arn><UserId>AROA:x</UserId><Account>123456789012</Account></GetCallerIdentityResult>\
         <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    );
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\nconnection: close";
    let _ = write!(
        client,
        "{head}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
}

/// Scales `web` with credentials that are of `then` when it comes to the write.
fn scaled_as(then: &'static str) -> (Shop, Ran) {
    let mut shop = Shop::new();
    shop.home = shop.home.env("AWS_ENDPOINT_URL_STS", &sts(ASKED, then));
    let ran = shop.run(&["scale", "web", "3", "--yes"]);
    (shop, ran)
}

fn sends(sim: &Sim) -> usize {
    sim.calls_of("UpdateService").len()
}

#[test]
fn another_role_or_user_than_was_shown_changes_nothing() {
    for then in [
        "arn:aws:sts::123456789012:assumed-role/Admin/alice",
        "arn:aws:iam::123456789012:user/OnCall",
    ] {
        let (shop, ran) = scaled_as(then);
        let ran = ran.ends(5);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains(then.rsplit_once('/').unwrap().0), "{ran:?}");
        assert_eq!((sends(&shop.sim), shop.home.journal().len()), (0, 0));
    }
}

#[test]
fn another_session_of_the_role_is_accepted_and_written_down() {
    let then = "arn:aws:sts::123456789012:assumed-role/OnCall/alice-2";
    let (shop, ran) = scaled_as(then);
    ran.ends(0);
    assert_eq!(sends(&shop.sim), 1);
    assert_eq!(shop.home.journal()[0]["who"]["arn"], then);
    journal_is_whole(&shop.home);
}

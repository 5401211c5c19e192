//! Words about answers that are not AWS's: a captive portal's page, a proxy's refusal, a gateway's apology.
//!
//! They say what stands in the way: the HTTP status, who answered, the first words, and what it likely is.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use ecsdeck_core::text::Clean;

use crate::bounds::Host;

/// Characters of a page that are quoted.
const QUOTED: usize = 100;

/// Whether a body is a page for people and no document of AWS's. AWS's XML begins with its own elements.
pub(super) fn is_page(response: &HttpResponse) -> bool {
    let start: String = text(response).chars().take(200).collect();
    let start = start.trim_start().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// What answered in AWS's place.
pub(super) fn words(response: &HttpResponse) -> Clean {
    let status = response.status().as_u16();
    let host = response
        .extension::<Host>()
        .map_or("an unknown host", |host| host.0.as_str());
    let location = response.headers().get("location");
    let said = match location.filter(|_| (300..400).contains(&status)) {
        Some(to) => format!(" redirects to {to}"),
        None => match first_words(&text(response)) {
            words if words.is_empty() => String::new(),
            words => format!(": \u{201c}{words}\u{201d}"),
        },
    };
    Clean::new(&format!(
        "HTTP {status} from {host}{said}; this is no answer of AWS: {}",
        cause(
            status,
            is_page(response) || response.headers().get("location").is_some()
        )
    ))
}

/// What it likely is.
fn cause(status: u16, is_of_a_portal: bool) -> &'static str {
    match status {
        200..300 if !is_of_a_portal => {
            "it was damaged or replaced on the way; check network, VPN and HTTPS_PROXY"
        }
        200..400 => {
            "probably a login page of this network (captive portal); open a web page and log in"
        }
        407 => "the proxy in HTTPS_PROXY wants a login",
        429 | 500.. => {
            "probably a proxy or gateway on the way to AWS; check HTTPS_PROXY and AWS_ENDPOINT_URL"
        }
        _ => {
            "probably a proxy, a firewall or a captive portal; check network, VPN, HTTPS_PROXY and AWS_ENDPOINT_URL"
        }
    }
}

fn text(response: &HttpResponse) -> String {
    let bytes = response.body().bytes().unwrap_or_default();
    let start = bytes.get(..bytes.len().min(16_384)).unwrap_or_default();
    String::from_utf8_lossy(start).into_owned()
}

/// The first words of a page, without its marks.
fn first_words(page: &str) -> String {
    let mut words = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(before);
        words.push(' ');
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        let name = tag.to_ascii_lowercase();
        // What is between these is not for people.
        let skipped = ["script", "style"]
            .into_iter()
            .find(|skipped| name.starts_with(*skipped))
            .and_then(|skipped| after.split_once(&format!("</{skipped}")))
            .map(|(_, after)| after.split_once('>').map_or("", |(_, after)| after));
        rest = skipped.unwrap_or(after);
    }
    words.push_str(rest);
    let mut words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(QUOTED) {
        words.truncate(cut);
        words.push('\u{2026}');
    }
    words
}

#[cfg(test)]
mod tests {
    use ecsdeck_core::domain::ErrorKind;
    use ecsdeck_worker::ports::ClusterReads;

    use super::*;
    use crate::loopback::{Canned, DATE, Server};

    #[test]
    fn a_page_is_quoted_by_its_words() {
        let page = "<html><head><style>p { x }</style><title>Hotel</title></head><body>Welcome<br>  guest</body>";
        assert_eq!(first_words(page), "Hotel Welcome guest");
        assert_eq!(first_words("Bad <gateway"), "Bad");
        assert!(first_words(&"x ".repeat(500)).chars().count() <= QUOTED + 1);
    }

    #[tokio::test]
    async fn status_host_words_and_cause_are_told() {
        let page = "<html><title>Sign in</title>Welcome to \u{1b}[2Jthe hotel</html>";
        for (status, kind, cause) in [
            (200, ErrorKind::Malformed, "captive portal"),
            (302, ErrorKind::Malformed, "captive portal"),
            (403, ErrorKind::Malformed, "proxy, a firewall"),
            (407, ErrorKind::Malformed, "wants a login"),
            (503, ErrorKind::Server, "gateway"),
        ] {
            let server = Server::start(vec![Canned::Answer(status, DATE, page)]).await;
            let error = server.aws().list_clusters(None).await.unwrap_err();
            let words = error.message.as_str();
            assert_eq!(error.kind, kind, "{status}: {words}");
            let host = server.endpoint.trim_start_matches("http://");
            for part in [
                &format!("HTTP {status} from {host}"),
                "Sign in Welcome to the hotel",
                cause,
            ] {
                assert!(
                    words.contains(part),
                    "{status}: {part} is missing in {words}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_throttle_that_is_not_awss_does_not_promise_that_nothing_was_applied() {
        for (status, body) in [(429, ""), (429, "slow down"), (503, "<html>later</html>")] {
            let server = Server::start(vec![Canned::Answer(status, DATE, body)]).await;
            let sent = server.aws().writer(crate::punctual::awake());
            let error = ecsdeck_worker::ports::Writes::send(
                &sent,
                &crate::writes::sample(),
                std::time::Duration::MAX,
            )
            .await
            .unwrap_err();
            assert!(!error.certainly_not_applied(), "{status} {body}: {error:?}");
            assert!(error.may_have_been_applied(), "{status} {body}: {error:?}");
        }
    }
}

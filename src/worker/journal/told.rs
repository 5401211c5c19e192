//! The journal as the console shows it.

use ecsdeck_core::app::Written;
use ecsdeck_core::text::Clean;

use super::{Author, Contents, Entry, Kind};

impl Contents {
    /// Every write, oldest first, with who did it and what AWS said.
    pub fn told(&self) -> Vec<Written> {
        let find = |kind: Kind, id: &str| {
            let mut entries = self.entries.iter().rev();
            entries.find(|entry| entry.kind == kind && entry.id.as_str() == id)
        };
        self.records()
            .into_iter()
            .filter_map(|record| {
                let intent = find(Kind::Intent, record.id.as_str())?;
                let outcome = find(Kind::Outcome, record.id.as_str());
                Some(Written {
                    arn: intent.who.arn.clone(),
                    user: user(&intent.who),
                    deck: intent.who.deck.clone(),
                    detail: outcome.and_then(|outcome| outcome.detail.clone()),
                    request_id: outcome.and_then(request_ids),
                    record,
                })
            })
            .collect()
    }
}

fn user(who: &Author) -> Option<Clean> {
    let from = who.ssh_client.as_ref().map(|from| format!(" from {from}"));
    let user = who.os_user.as_ref()?;
    Some(Clean::own(format!("{user}{}", from.unwrap_or_default())))
}

fn request_ids(outcome: &Entry) -> Option<Clean> {
    if outcome.request_ids.is_empty() {
        return outcome.request_id.clone();
    }
    Some(Clean::own(outcome.request_ids.join(", ")))
}

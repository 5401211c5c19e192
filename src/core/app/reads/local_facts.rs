//! What the deck and the journal say of a service, for its diagnosis.

use crate::act::{Subject, Verb};
use crate::app::model::past_action::PastAction;
use crate::deck::Deck;
use crate::diagnose::{LocalFacts, SentBack};
use crate::domain::Service;
use crate::text::Clean;

/// What the deck says of a service: the same name in two clusters is two services.
pub(in crate::app) fn deck_service<'d>(
    deck: Option<&'d Deck>,
    service: &Service,
) -> Option<&'d crate::deck::Service> {
    let is_it = |named: &&crate::deck::Service| {
        let cluster = named.cluster.as_deref();
        named.name == service.name.as_str()
            && cluster.is_none_or(|cluster| cluster == service.cluster.name())
    };
    deck.and_then(|deck| deck.services.iter().find(is_it))
}

/// What is known of a service beside AWS.
pub(in crate::app) fn local_facts(
    deck: Option<&Deck>,
    done: &[PastAction],
    service: &Service,
) -> LocalFacts {
    let named = deck_service(deck, service);
    let own: Vec<&PastAction> = done
        .iter()
        .filter(|done| {
            done.good && matches!(&done.subject, Subject::Service(arn) if *arn == service.arn)
        })
        .collect();
    let sent_back = own
        .iter()
        .filter(|done| done.verb == Some(Verb::Rollback))
        .max_by_key(|done| done.at);
    LocalFacts {
        count_owner: named.and_then(|named| named.count_owner),
        count_by: named
            .and_then(|named| named.count_by.as_deref())
            .map(Clean::new),
        sent_back: sent_back.map(|done| SentBack {
            at: done.at,
            by: done.by.clone(),
        }),
        count_set: own
            .iter()
            .filter_map(|done| done.count.clone())
            .max_by_key(|set| set.at),
        ..LocalFacts::default()
    }
}

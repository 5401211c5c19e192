//! The tags to choose from while an image is filled in: those of its repository that fit what is typed.
//!
//! They are read while the field has the keys, and hold nothing up: what is typed counts as it is, listed or not.

use std::borrow::Cow;

use crate::act::repository;
use crate::app::model::Model;
use crate::app::model::field_name::FieldName;
use crate::app::model::form::Form;
use crate::app::model::form_purpose::FormPurpose;
use crate::diagnose::{Fact, Question};
use crate::domain::{EcrImage, RepositoryTags, TaggedImage, Time};
use crate::text::{Align, Clean, coarse, pad, width};

/// Signs of a digest that tell it from others.
const DIGEST: usize = 12;

/// A tag that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct TagOffer {
    /// The whole image.
    pub image: Clean,
    /// The tag with its age and digest.
    pub line: Clean,
}

/// What there is to choose from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagOffers {
    /// The newest first.
    pub offers: Vec<TagOffer>,
    /// What should be known of them, or why there are none.
    pub note: Option<Clean>,
}

/// The image so far of the container whose field has the keys.
fn before(form: &Form) -> Option<&Clean> {
    let FormPurpose::Image(_, _, images) = &form.purpose else {
        return None;
    };
    let FieldName::Image(container) = &form.field()?.name else {
        return None;
    };
    let mut images = images.iter();
    images.find_map(|(name, image)| (name == container).then_some(image))
}

/// The question whose answer lists the tags of the field that has the keys.
pub(in crate::app) fn tags_question(form: &Form) -> Option<Question> {
    let before = before(form)?;
    EcrImage::of(before)?;
    Some(Question::Tags(Clean::new(repository(before))))
}

/// The tags to choose from in the field that has the keys; none where it is not for an image.
pub fn tag_offers(model: &Model, form: &Form) -> Option<TagOffers> {
    let before = before(form)?;
    let only = |note: String| {
        Some(TagOffers {
            offers: Vec::new(),
            note: Some(Clean::own(note)),
        })
    };
    let Some(question) = tags_question(form) else {
        return only(
            "no tags are listed: the image is not in a private registry of ECR".to_owned(),
        );
    };
    let repository = repository(before);
    let Some(answered) = model.fleet.facts.answered(&question) else {
        return only(format!("listing the tags of {repository}\u{2026}"));
    };
    match &answered.fact {
        Ok(Fact::Tags(tags)) => {
            let typed = form.field()?.text_value();
            let wanted = wanted(typed.trim(), before, repository)?;
            Some(offers(tags, before, repository, &wanted, model.now()))
        }
        Ok(_) => None,
        Err(error) => only(format!("no tags are listed: {error}")),
    }
}

/// What a tag must hold, by what is typed; none where that is no tag of this repository.
fn wanted<'t>(typed: &'t str, before: &str, repository: &str) -> Option<Cow<'t, str>> {
    if typed == before {
        return Some(Cow::Borrowed(""));
    }
    let rest = match typed.strip_prefix(repository) {
        Some("") => "",
        Some(rest) => rest.strip_prefix(':')?,
        None => typed.strip_prefix(':').unwrap_or(typed),
    };
    (!rest.contains(['/', '@', ':'])).then(|| Cow::Owned(rest.to_ascii_lowercase()))
}

fn offers(
    tags: &RepositoryTags,
    before: &str,
    repository: &str,
    wanted: &str,
    now: Time,
) -> TagOffers {
    let each = tags.images.iter();
    let each = each.flat_map(|image| image.tags.iter().map(move |tag| (tag, image)));
    let fits = |tag: &Clean| tag.to_ascii_lowercase().contains(wanted);
    let fitting: Vec<(&Clean, &TaggedImage)> = each.filter(|(tag, _)| fits(tag)).collect();
    let widest = fitting.iter().map(|(tag, _)| width(tag)).max();
    let offer = |(tag, image): &(&Clean, &TaggedImage)| {
        let whole = format!("{repository}:{tag}");
        let tag = pad(tag, widest.unwrap_or_default(), Align::Left);
        let pushed = image
            .pushed
            .map_or("at a time that is not known".to_owned(), |at| {
                format!("{} ago", coarse(at, now))
            });
        let digest = image.digest.as_deref().unwrap_or_default();
        let digest = digest.strip_prefix("sha256:").unwrap_or(digest);
        let digest: String = digest.chars().take(DIGEST).collect();
        let same = if whole == before { "  in use" } else { "" };
        TagOffer {
            line: Clean::own(format!(":{tag}  pushed {pushed}  {digest}{same}")),
            image: Clean::own(whole),
        }
    };
    let note = if fitting.is_empty() {
        Some("no tag of the newest images fits")
    } else if tags.partial {
        Some("the repository has very many images: newer ones may be missing here")
    } else {
        None
    };
    TagOffers {
        offers: fitting.iter().map(offer).collect(),
        note: note.map(Clean::literal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPOSITORY: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app";

    fn found(typed: &str) -> Option<Vec<String>> {
        let image = |tags: &[&str], seconds: i64| TaggedImage {
            tags: tags.iter().map(|tag| Clean::new(tag)).collect(),
            digest: Some(Clean::literal("sha256:0123456789abcdef")),
            pushed: Time::from_second(100_000 - seconds).ok(),
        };
        let tags = RepositoryTags {
            images: vec![image(&["v2", "Latest"], 60), image(&["v1.9"], 7_200)],
            partial: false,
        };
        let before = format!("{REPOSITORY}:v1.9");
        let wanted = wanted(typed, &before, REPOSITORY)?;
        let now = Time::from_second(100_000).unwrap();
        let offers = offers(&tags, &before, REPOSITORY, &wanted, now).offers;
        Some(offers.iter().map(|offer| offer.line.to_string()).collect())
    }

    #[test]
    fn what_is_typed_filters_the_tags_and_the_image_so_far_shows_all() {
        let all = found(&format!("{REPOSITORY}:v1.9")).unwrap();
        assert_eq!(
            all,
            [
                ":v2      pushed 1m ago  0123456789ab",
                ":Latest  pushed 1m ago  0123456789ab",
                ":v1.9    pushed 2h ago  0123456789ab  in use"
            ]
        );
        for typed in ["", ":", &format!("{REPOSITORY}:"), REPOSITORY] {
            assert_eq!(found(typed).unwrap().len(), 3, "{typed}");
        }
        for (typed, count) in [
            (":v", 2),
            ("lat", 1),
            (&format!("{REPOSITORY}:v2"), 1),
            (":x", 0),
        ] {
            assert_eq!(found(typed).unwrap().len(), count, "{typed}");
        }
        for other in ["other/app:v2", "@sha256:ab", &format!("{REPOSITORY}-2:v2")] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}

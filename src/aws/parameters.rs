//! Systems Manager: whether a parameter is there. Its value is never read.

use aws_sdk_ssm::types::ParameterStringFilter;
use ecsdeck_core::domain::{Arn, CloudError};
use ecsdeck_core::text::Clean;
use ecsdeck_worker::ports::{Page, PageToken, ParameterReads, Reply};

use crate::aws::Aws;
use crate::page::{next, raw};
use crate::plain::{text, whole};
use crate::session::Session;

impl ParameterReads for Aws {
    async fn parameters(&self, name: &Clean, page: Option<PageToken>) -> Reply<Page<Clean>> {
        parameters(self.session(), name, page).await
    }
}

pub(crate) async fn parameters(
    session: &Session,
    name: &Clean,
    page: Option<PageToken>,
) -> Reply<Page<Clean>> {
    const CALL: &str = "ssm:DescribeParameters";
    let token = raw(page);
    let region = Clean::new(Arn::new(name).region());
    let filter = ParameterStringFilter::builder()
        .key("Name")
        .option("Equals")
        .set_values(Some(names(name)))
        .build()
        .map_err(|_| CloudError::malformed(CALL, "the filter could not be made"))?;
    let answer = session
        .ask(CALL, |on| {
            on.ssm(&region)
                .describe_parameters()
                .parameter_filters(filter.clone())
                .set_next_token(token.clone())
                .send()
        })
        .await?;
    Ok(Page {
        items: whole("ssm:DescribeParameters", answer.parameters.as_deref())?
            .iter()
            .filter_map(|parameter| text(parameter.name()))
            .collect(),
        next: next(answer.next_token()),
    })
}

/// The names that a parameter may have: a resource name leaves out the slash at the beginning, so that
/// `parameter/key` is `key` or `/key`. A name with levels always begins with one (source: Systems Manager user
/// guide, "Working with parameter hierarchies").
fn names(given: &str) -> Vec<String> {
    let Some(path) = Arn::new(given)
        .resource()
        .strip_prefix("parameter/")
        .filter(|_| given.starts_with("arn:"))
        .map(str::to_owned)
    else {
        return vec![given.to_owned()];
    };
    let absolute = format!("/{path}");
    if path.contains('/') {
        vec![absolute]
    } else {
        vec![path, absolute]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::loopback::{Server, ok};

    #[test]
    fn a_resource_name_may_mean_two_names() {
        assert_eq!(names("/app/key"), ["/app/key"]);
        assert_eq!(
            names("arn:aws:ssm:us-east-1:123456789012:parameter/app/key"),
            ["/app/key"]
        );
        assert_eq!(
            names("arn:aws:ssm:us-east-1:123456789012:parameter/key"),
            ["key", "/key"]
        );
    }

    #[tokio::test]
    async fn parameters_are_asked_for_by_name() {
        let server = Server::start(vec![ok(
            r#"{"Parameters":[{"Name":"/app/key","Type":"SecureString"}],"NextToken":"two"}"#,
        )])
        .await;
        let page = server
            .aws()
            .parameters(&Clean::new("/app/key"), None)
            .await
            .unwrap();
        assert_eq!((page.items[0].as_str(), page.items.len()), ("/app/key", 1));
        assert_eq!(page.next, Some(PageToken("two".to_owned())));
        assert_eq!(
            server.body(0),
            json!({ "ParameterFilters": [{ "Key": "Name", "Option": "Equals", "Values": ["/app/key"] }] })
        );
    }
}

//! Pulling the image: which answer the registry gave, or that it gave none.
//!
//! Sources: ECS developer guide "CannotPullContainer task errors"; the registry
//! API of the OCI distribution specification for status codes and error names.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

/// What tells the ways apart in which a pull can fail.
const WHICH: &str = "the rest of the message; or whether the tag exists, the role may pull, and the subnet reaches the registry";
/// A registry hides from strangers whether a repository exists.
const EXISTS: &str =
    "whether the repository and tag exist; a registry answers a stranger the same for both";

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::Platform) && !signals.has(Mark::Secret) {
        findings.say(ImagePlatformMismatch, 0.96);
        return;
    }
    let on_volume = signals.has(Mark::Volume) && !signals.has(Mark::Pull);
    if signals.has(Mark::NoSpace) && !on_volume && !signals.has(Mark::Insufficient) {
        let stage = [
            Mark::Pull,
            Mark::Create,
            Mark::Start,
            Mark::Runtime,
            Mark::RegistryAuth,
        ];
        if signals.any(&stage) {
            findings.say(ImageTooLarge, 0.93);
        } else {
            findings.may(
                ImageTooLarge,
                0.5,
                "whether it was written before the container started, or by it",
            );
        }
        return;
    }
    if signals.has(Mark::SecretsOrAuth) && !signals.has(Mark::EcrHost) {
        return;
    }
    // The registry's own credentials may lie in a secret: then the secret is what failed.
    let credentials = signals.has(Mark::Secret) && !signals.has(Mark::EcrHost);
    if (signals.has(Mark::Pull) || asked_a_registry(signals)) && !signals.has(Mark::DaemonDown) {
        pull(signals, findings, credentials);
    } else if signals.has(Mark::RegistryAuth) && !credentials {
        registry_auth(signals, findings);
    } else if signals.has(Mark::PullRate) && signals.any(&[Mark::HubHost, Mark::OtherRegistry]) {
        findings.say(ImagePullRateLimit, 0.9);
    }
}

/// Docker's own words, without ECS's error class: `API error (500): Get https://registry-1.docker.io/…`.
fn asked_a_registry(signals: &Signals) -> bool {
    let daemon = signals.says("api error (") || signals.says("response from daemon");
    let address = [
        "<url:registry",
        "<url:public.ecr",
        "<url:ghcr",
        "<url:quay",
        "<url:gcr",
    ];
    daemon
        && (signals.says(".dkr.ecr.") || address.iter().any(|host| signals.says(host)))
        && !signals.any(&[Mark::Log, Mark::Volume])
}

fn pull(signals: &Signals, findings: &mut Findings, credentials: bool) {
    if signals.has(Mark::AssumeFailed) || (credentials && findings_belong_to_the_secret(signals)) {
        return;
    }
    if signals.throttled() {
        findings.say(ImagePullRateLimit, 0.96);
    } else if signals.has(Mark::LoginNeeded) {
        findings.may(ImagePullDenied, 0.8, EXISTS);
        findings.may(ImageNotFound, 0.55, EXISTS);
    } else if signals.network() && !strictly_answered(signals) {
        findings.say(ImagePullNetwork, 0.95);
    } else if signals.denied() {
        findings.may(ImagePullDenied, 0.92, EXISTS);
        findings.may(ImageNotFound, 0.3, EXISTS);
    } else if signals.has(Mark::BadImage) && !named_absent(signals) {
        findings.say(ImageInvalid, 0.92);
    } else if signals.not_found() {
        findings.say(ImageNotFound, 0.96);
    } else if signals.any(&[Mark::Interrupted, Mark::ServerFault])
        || matches!(signals.status, Some(500..))
    {
        findings.may(
            ImagePullNetwork,
            0.75,
            "whether the registry is up; else the way from the subnet to it",
        );
        if signals.has(Mark::LayerFailed) {
            findings.may(ImageTooLarge, 0.4, "the free space on the disk");
        }
    } else if signals.has(Mark::LayerFailed) && signals.says(": write <path") {
        // AWS cuts its reasons, and what keeps a layer from being written is nearly always the disk.
        findings.may(ImageTooLarge, 0.75, "the free space on the disk");
        findings.may(
            ImageInvalid,
            0.35,
            "whether another host can pull and unpack it",
        );
    } else if signals.has(Mark::LayerFailed) {
        findings.may(
            ImageInvalid,
            0.75,
            "whether another host can pull and unpack it",
        );
        findings.may(ImageTooLarge, 0.35, "the free space on the disk");
    } else {
        ambiguous(signals, findings);
    }
}

/// Whether a server's answer is told, so that words of the network are an aside
/// ("check your network configuration").
fn strictly_answered(signals: &Signals) -> bool {
    matches!(signals.status, Some(401 | 403 | 404)) || signals.has(Mark::IamDenied)
}

/// Whether the words of a bad image only wrap that the content is not there.
fn named_absent(signals: &Signals) -> bool {
    signals.status == Some(404) || signals.says("manifest unknown") || signals.says("manifest for ")
}

/// Whether a message about a pull tells of a secret that was not read.
fn findings_belong_to_the_secret(signals: &Signals) -> bool {
    signals.denied() || signals.not_found() || signals.has(Mark::BadSecret) || signals.network()
}

/// The message was cut before it said why.
fn ambiguous(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::UnexpectedStatus) && signals.has(Mark::HubHost) {
        // Docker Hub answers a manifest request with an unusual status mostly when it throttles.
        findings.may(ImagePullRateLimit, 0.45, WHICH);
        findings.may(ImagePullDenied, 0.35, WHICH);
        findings.may(ImageNotFound, 0.3, WHICH);
    } else if signals.any(&[Mark::ResolveRef, Mark::UnexpectedStatus]) {
        // The developer guide names a missing tag first for this one.
        findings.may(ImageNotFound, 0.45, WHICH);
        findings.may(ImagePullDenied, 0.35, WHICH);
        findings.may(ImagePullNetwork, 0.35, WHICH);
    } else if signals.has(Mark::TimedOut) {
        findings.may(ImagePullNetwork, 0.75, WHICH);
        findings.may(ImageTooLarge, 0.3, WHICH);
    } else {
        // ECS's own class says at least that it was the pull.
        let sure = if signals.says("cannotpull") {
            0.38
        } else {
            0.25
        };
        findings.may(ImageNotFound, sure, WHICH);
        findings.may(ImagePullDenied, sure - 0.01, WHICH);
        findings.may(ImagePullNetwork, sure - 0.02, WHICH);
    }
}

/// The token for ECR comes before the pull.
fn registry_auth(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::AssumeFailed) {
    } else if signals.denied() {
        findings.say(ImagePullDenied, 0.94);
    } else if signals.any(&[Mark::Throttled, Mark::PullRate]) || signals.status == Some(429) {
        findings.may(
            ApiThrottled,
            0.6,
            "whether it passes with fewer tasks starting at once",
        );
        findings.may(ImagePullRateLimit, 0.55, "which call was throttled");
    } else if signals.network() || signals.any(&[Mark::Interrupted, Mark::ServerFault]) {
        findings.say(ImagePullNetwork, 0.94);
    } else if signals.not_found() || signals.says("missing") || signals.says("malformed") {
        findings.may(ImagePullDenied, 0.7, WHICH);
    } else {
        findings.may(ImagePullNetwork, 0.45, WHICH);
        findings.may(ImagePullDenied, 0.44, WHICH);
    }
}

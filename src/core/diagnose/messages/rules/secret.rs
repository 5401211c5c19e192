//! Secrets and parameters that a container is to get.
//!
//! Sources: ECS developer guide "ResourceInitializationError errors", "Secrets
//! Manager or Systems Manager permissions"; the services' API error names.

use super::super::lexicon::Mark;
use super::{Findings, Signals};
use crate::diagnose::cause::CauseId::*;

/// What tells the ways apart in which a read can fail.
const WHICH: &str = "whether the secret exists in this region, the execution role may read it, and the subnet reaches the service";
/// AWS's oldest wording does not say which of the two was fetched.
const WHAT: &str = "whether the task definition names secrets, and whether its image is in ECR";

pub(super) fn judge(signals: &Signals, findings: &mut Findings) {
    if signals.any(&[
        Mark::EnvFile,
        Mark::AssumeFailed,
        Mark::Log,
        Mark::Volume,
        Mark::Attribute,
    ]) {
        return;
    }
    if signals.any(&[Mark::Secret, Mark::Parameter]) {
        if signals.has(Mark::EcrHost) && !signals.any(&[Mark::SecretsOrAuth, Mark::CannotRetrieve])
        {
            return;
        }
        secret(signals, findings);
    } else if signals.has(Mark::SecretsOrAuth) && !signals.any(&[Mark::RegistryAuth, Mark::EcrHost])
    {
        either(signals, findings);
    } else if signals.has(Mark::SecretsOrAuth) {
        registry(signals, findings);
    }
}

fn secret(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::Deleted) {
        findings.say(SecretNotFound, 0.9);
    } else if signals.denied() {
        findings.say(SecretAccessDenied, 0.95);
    } else if signals.has(Mark::Throttled) {
        findings.say(ApiThrottled, 0.85);
    } else if signals.has(Mark::Parameter) {
        findings.say(SecretNotFound, 0.94);
    } else if signals.has(Mark::BadSecret) {
        findings.say(SecretMalformed, 0.93);
    } else if signals.has(Mark::Kms) {
        findings.say(SecretAccessDenied, 0.85);
    } else if signals.network() {
        findings.say(SecretNetwork, 0.94);
    } else if signals.has(Mark::NotFound) && !signals.says("specified key") {
        findings.say(SecretNotFound, 0.93);
    } else if signals.any(&[Mark::Interrupted, Mark::ServerFault]) {
        findings.may(SecretNetwork, 0.75, WHICH);
    } else if signals.has(Mark::CannotRetrieve) && signals.says("exists") {
        findings.may(SecretNotFound, 0.6, WHICH);
        findings.may(SecretAccessDenied, 0.5, WHICH);
        findings.may(SecretNetwork, 0.35, WHICH);
    } else if signals.complains() {
        findings.may(SecretAccessDenied, 0.42, WHICH);
        findings.may(SecretNetwork, 0.4, WHICH);
        findings.may(SecretNotFound, 0.35, WHICH);
    }
}

/// `unable to pull secrets or registry auth`, and then nothing that names either.
fn either(signals: &Signals, findings: &mut Findings) {
    if signals.has(Mark::BadSecret) {
        findings.say(SecretMalformed, 0.85);
    } else if signals.denied() {
        findings.may(SecretAccessDenied, 0.6, WHAT);
        findings.may(ImagePullDenied, 0.5, WHAT);
    } else if signals.network() || signals.any(&[Mark::Interrupted, Mark::ServerFault]) {
        findings.may(SecretNetwork, 0.6, WHAT);
        findings.may(ImagePullNetwork, 0.55, WHAT);
    } else if signals.not_found() {
        findings.may(SecretNotFound, 0.6, WHAT);
        findings.may(ImageNotFound, 0.4, WHAT);
    } else {
        findings.may(SecretNetwork, 0.4, WHAT);
        findings.may(ImagePullNetwork, 0.38, WHAT);
        findings.may(SecretAccessDenied, 0.35, WHAT);
    }
}

/// The same wording, and then the registry's token.
fn registry(signals: &Signals, findings: &mut Findings) {
    if signals.denied() {
        findings.say(ImagePullDenied, 0.94);
    } else if signals.network() || signals.any(&[Mark::Interrupted, Mark::ServerFault]) {
        findings.say(ImagePullNetwork, 0.94);
    } else if signals.has(Mark::Throttled) {
        findings.say(ApiThrottled, 0.7);
    } else {
        findings.may(ImagePullNetwork, 0.45, WHAT);
        findings.may(ImagePullDenied, 0.44, WHAT);
        findings.may(SecretNetwork, 0.3, WHAT);
    }
}

//! How it failed, whatever it was: network, permission, absence, throttling, disk.

use crate::diagnose::messages::lexicon::Mark::*;
use crate::diagnose::messages::lexicon::Table;

/// Sources: Go's net and net/http, Docker's and containerd's registry clients, AWS SDK for Go v1
/// and v2, ECS developer guide "Verifying stopped task connectivity".
pub(crate) const FAULTS: Table = &[
    (
        Network,
        "i/o timeout; io timeout; connection refused; no such host; deadline exceeded; \
         request canceled; request cancelled; client.timeout; client timeout; tls handshake; \
         network is unreachable; no route to host; connection reset; connection timed out; \
         operation timed out; dial tcp; dial udp; server misbehaving; temporary failure in name; \
         send request failed; requesterror; requestcanceled; request context canceled; \
         your network conf; network configuration; task network; connection issue; \
         network connect; could not resolve host; name or service not known; awaiting headers; \
         proxyconnect; statuscode: 0; status code: 0,; connectex; unable to connect; \
         failed to connect; could not connect; cannot connect; can't connect; could not reach; \
         cannot reach; unable to reach the; network timed out; host is unreachable; \
         exceeded maximum number of attempts; connect: connection; getsockopt:; wsarecv; \
         failed to respond; name resolution; timed out waiting for connection; i/o time...; i/o tim...; connecttimeout; \
         connect timeout; endpoint request timed out; network issue; failed to resolve \"; context deadli; failed to do request; address family not supported; not reachable; unreachable",
    ),
    (
        Interrupted,
        "context ca...; context canceled; context cancelled; signal: killed; \
         nil pointer dereference; |eof|; broken pipe; x509:; http response to https; \
         use of closed network; unexpected end",
    ),
    (
        ServerFault,
        "500 internal; 502 bad; 503 service; 504 gateway; service unavailable; bad gateway; \
         gateway time; internal server error",
    ),
    (
        Denied,
        "accessdenied; access denied; access is denied; not authorized; unauthorized; forbidden; \
         no basic auth; : denied:; : denied|; denied: requested; denied: your; denied: user; \
         denied: access; denied: installation; explicit deny; no identity-based policy; \
         no resource-based policy; authorization failed; authentication required; \
         insufficient_scope; incorrect username; invalid username; unrecognizedclient; \
         expiredtoken; nocredentialprovider; no credential provider; no ec2 imds role; \
         failed to refresh cached credentials; role has the permission; is denied; \
         token has expired; access to kms; kmsaccessdenied; credentials are invalid; \
         invalid credentials; failed to authorize; missing permission; permissions to; \
         failed with status: 401; failed with status: 403; authentication fail; \
         security token included in the request; access forbidden; invalidsignature; \
         does not have permission; don't have permission; do not have permission; \
         lacks permission; invalidclienttokenid",
    ),
    (
        IamDenied,
        "not authorized to perform; is not authorized to; unauthorizedoperation; \
         you are not authorized; with an explicit deny; identity-based policy allows",
    ),
    (
        MissingPermissions,
        "missing permissions; permissions policies have been; lacks permission; \
         necessary permissions; required permissions; does not have permission; \
         do not have permission; insufficient permissions; accessdeniedexception; \
         permission denied by; does not have the required perm; missing the required perm",
    ),
    (
        NotFound,
        "not found; notfound; not fou...; does not exist; doesn't exist; do not exist; \
         manifest unknown; manifest_unknown; name unknown; name_unknown; can't find; \
         cannot find; can not find; could not find; no such image; nosuchkey; nosuchbucket; \
         could not be found; cannot be found; was deleted; unknown manifest; no longer exist; \
         doesn't exists; unknown blob",
    ),
    (
        NoSuchFile,
        "no such file; executable file not found; system cannot find the file; \
         system cannot find the path; executable file `; command not found; \
         cannot find the file specified; not found in $path; not found in %path%",
    ),
    (
        NotExecutable,
        "permission denied; is a directory; not executable; operation not permitted; \
         permission den...",
    ),
    (
        Throttled,
        "toomanyrequests; too many requests; rate exceeded; throttlingexception; \
         throttledexception; throttling:; requestlimitexceeded; slow down; request rate; \
         ratelimit; being throttled; throttling error; 429 too",
    ),
    (
        PullRate,
        "pull rate limit; toomanyrequests; data limit exceeded; unauthenticated pull; \
         rate limit; 429 too; too many requests; anonymous pull; pull limit",
    ),
    (
        NoSpace,
        "no space left; thin pool; disk quota exceeded; not enough space on; not enough disk; \
         insufficient disk; insufficient space; not enough free space; free data blocks; \
         disk is full; out of disk; enospc; there is not enough space; \
         exceeds the available disk; no space remains",
    ),
    (
        Platform,
        "descriptor matching platform; descriptor for platform; no matching manifest for; \
         exec format err; no match for platform; match the specified platform; \
         operating system does not match; cannot be used on this platform; \
         detected host platform; unsupported architecture; wrong architecture; \
         does not provide the specified platform; platform mismatch; image operating system; \
         matching platform; not a valid win32; operating system of the container; \
         for platform {; incompatible with the host; requires a newer version of windows; \
         does not match the host; manifest list entries; -based image is incompatible; image is incompatible with",
    ),
    (
        BadImage,
        "invalid reference format; normalize image; stream processor; no processor for media; media type; \
         mediatype; invalid repository name; manifest invalid; unsupported manifest; \
         manifest_invalid; must be lowercase; unable to parse image; invalid checksum; \
         parsing reference; parse reference; layer verification failed; \
         unexpected commit digest; size validation; wrong diff id; be mapped to a host id; \
         missing signature key; failed to parse image; invalid image; invalid tag; archive/tar; \
         unknown blob type; corrupt; unsupported schema; invalid manifest; uppercase; \
         encountered unknown type; invalid digest; image config is not; too many layers; \
         max depth exceeded; invalid tar header; unexpected media; gzip: invalid; zstd: invalid; \
         schema version 1; schemaversion; no unpack platforms; index digest; object required",
    ),
    (
        LayerFailed,
        "failed to register layer; failed to extract layer; failed to unpack; apply failure; \
         processing tar file; mount callback failed",
    ),
    (
        BadSecret,
        "json key; json_key; arn format; unexpected arn; invalid arn; invalid character; \
         unmarshal; version stage; staging label; not a valid json; valid json; parsing secret; \
         parse secret; parse json; versionid; version id; invalid secret; malformed; \
         wrong format; expected format; invalid resource in arn; arn: not enough; arn: invalid; \
         too many colons; failed to parse arn; arn is invalid; specified key; secret version; \
         unexpected format; not a valid arn; no secret key; invalid value for secret; \
         secret string is empty; invalid json; json input; invalid format; invalid name; validationexception",
    ),
    (
        Kms,
        "kms:decrypt; |kms|; ciphertext; decryptionfailure; decryption fail; pending deletion; \
         key is disabled; kmskey; kms key; kmsinvalid; <arn:kms>",
    ),
    (
        Deleted,
        "marked for deletion; marked deleted; scheduled for deletion",
    ),
    (
        LoginNeeded,
        "docker login; insufficient_scope; does not exist or may require; is private; \
         requested access to the resource",
    ),
    (ResolveRef, "failed to resolve ref; failed to resolve image"),
    (
        UnexpectedStatus,
        "unexpected status code; unexpected status",
    ),
    (
        CannotRetrieve,
        "can't retrieve the secret; cannot retrieve the secret; unable to retrieve secret; \
         exists in the specified reg; secret exists in",
    ),
    (
        TimedOut,
        "timed out; |timeout|; time out; inactivity time; took too long; no response",
    ),
    (ElasticFs, "elasticfilesystem:"),
    (
        Failure,
        "fail; unable; does not; do not; doesn't; don't; isn't; not enough; insufficient; unavailable; \
         exceed; lacks; exhaust; disconnected; no available; validation; cannot; can't; could not; couldn't; |error; exception; invalid; denied; \
         timed out; timeout; not found; not exist; n't exist; no such; not authorized; retried; \
         unexpected; unhealthy; retrieval; error|; errors; not able; |not valid; did not; \
         error:; interrupted; impaired; rejected; refused; mismatch; missing; without a; \
         misconfigured; no longer",
    ),
];

//! STS: who asks, and temporary credentials.

use super::fault::Fault;
use super::iam::{Asks, Call, Iam, Session};
use super::xml::{Xml, query_fault};
use crate::Response;
use crate::clock::Instant;
use http::StatusCode;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers a request of who has an access key.
pub(crate) fn answer(
    iam: &mut Iam,
    mut call: Call<'_>,
    access_key: &str,
    action: &str,
    request_id: &str,
) -> Response {
    let who = iam.who(access_key, call.cx.account, call.cx.partition());
    let mut xml = Xml::default();
    let answer = match action {
        "GetCallerIdentity" => {
            xml.leaf("Arn", &who.arn);
            xml.leaf("UserId", &who.id);
            xml.leaf("Account", call.cx.account);
            Ok(())
        }
        "AssumeRole" => assume(iam, &mut call, &who, &mut xml),
        "AssumeRoleWithWebIdentity" => assume_by_token(iam, &mut call, &mut xml),
        "GetSessionToken" => session_token(iam, &mut call, who, &mut xml),
        _ => Err(Fault::new(
            "InvalidAction",
            format!("Could not find operation {action} for version 2011-06-15"),
        )),
    };
    match answer {
        Ok(()) => xml.query_response(NAMESPACE, action, request_id),
        Err(fault) => query_fault(NAMESPACE, &fault, request_id),
    }
}

fn assume(iam: &mut Iam, call: &mut Call<'_>, who: &Session, xml: &mut Xml) -> Result<(), Fault> {
    let role = call.query.required("RoleArn")?.to_owned();
    let root = format!("arn:{}:iam::{}:root", call.cx.partition(), call.cx.account);
    let principals = [
        root,
        call.cx.account.to_owned(),
        who.arn.clone(),
        who.principal.clone(),
    ];
    let asks = Asks {
        kind: "AWS",
        principals: &principals,
        action: "sts:AssumeRole",
    };
    let refused = || {
        denied(format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {role}",
            who.arn
        ))
    };
    let (id, longest) = iam.assumable(&role, &asks).ok_or_else(refused)?;
    let session = assumed(call, &role, &id)?;
    let seconds = duration(call, longest)?;
    credentials(iam, call, &session, seconds, xml);
    write_user(&session, xml);
    xml.leaf("PackedPolicySize", 0);
    Ok(())
}

fn assume_by_token(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Result<(), Fault> {
    let role = call.query.required("RoleArn")?.to_owned();
    call.query.required("WebIdentityToken")?;
    // Tokens are not verified: any provider of the account may have made it.
    let providers: Vec<_> = iam.provider_arns().cloned().collect();
    let asks = Asks {
        kind: "Federated",
        principals: &providers,
        action: "sts:AssumeRoleWithWebIdentity",
    };
    let refused = || denied("Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned());
    let (id, longest) = iam.assumable(&role, &asks).ok_or_else(refused)?;
    let session = assumed(call, &role, &id)?;
    let seconds = duration(call, longest)?;
    credentials(iam, call, &session, seconds, xml);
    write_user(&session, xml);
    xml.leaf("Provider", providers.first().map_or("", String::as_str));
    xml.leaf("Audience", "sts.amazonaws.com");
    xml.leaf(
        "SubjectFromWebIdentityToken",
        "system:serviceaccount:sandbox:sandbox",
    );
    Ok(())
}

fn session_token(
    iam: &mut Iam,
    call: &mut Call<'_>,
    who: Session,
    xml: &mut Xml,
) -> Result<(), Fault> {
    let seconds = duration(call, 129_600)?;
    credentials(iam, call, &who, seconds, xml);
    Ok(())
}

/// The session of a role.
fn assumed(call: &Call<'_>, role: &str, id: &str) -> Result<Session, Fault> {
    let name = call.query.required("RoleSessionName")?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
    if !(2..=64).contains(&name.len()) || !name.chars().all(fits) {
        return Err(Fault::new(
            "ValidationError",
            format!(
                "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            ),
        ));
    }
    let of = role.rsplit('/').next().unwrap_or(role);
    let (partition, account) = (call.cx.partition(), call.cx.account);
    Ok(Session {
        arn: format!("arn:{partition}:sts::{account}:assumed-role/{of}/{name}"),
        id: format!("{id}:{name}"),
        principal: role.to_owned(),
    })
}

/// How long credentials last, in seconds.
fn duration(call: &Call<'_>, longest: u32) -> Result<u32, Fault> {
    match call.query.number("DurationSeconds")? {
        None => Ok(3600),
        Some(seconds) if (900..=longest).contains(&seconds) => Ok(seconds),
        Some(_) => Err(Fault::new(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )),
    }
}

fn credentials(iam: &mut Iam, call: &mut Call<'_>, who: &Session, seconds: u32, xml: &mut Xml) {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let key = format!(
        "ASIA{}",
        call.ids.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
    );
    iam.admit(&key, who.clone());
    let until = Instant(
        call.cx
            .clock
            .now()
            .0
            .saturating_add(u64::from(seconds) * 1000),
    );
    xml.node("Credentials", |xml| {
        xml.leaf("AccessKeyId", &key);
        xml.leaf("SecretAccessKey", call.ids.text(ALPHABET, 40));
        xml.leaf("SessionToken", call.ids.text(ALPHABET, 160));
        xml.leaf("Expiration", until.iso());
    });
}

fn write_user(session: &Session, xml: &mut Xml) {
    xml.node("AssumedRoleUser", |xml| {
        xml.leaf("AssumedRoleId", &session.id);
        xml.leaf("Arn", &session.arn);
    });
}

fn denied(message: String) -> Fault {
    Fault::new("AccessDenied", message).status(StatusCode::FORBIDDEN)
}

//! Service accounts, their keys and policies; roles.

mod keys;
mod roles;

use super::call::Call;
use super::failure::Failure;
use super::policy::Policy;
use super::{Answer, Project};
use keys::Key;
pub(super) use keys::base64;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The service accounts of a project.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Iam {
    /// By address.
    accounts: BTreeMap<String, Account>,
    /// By unique id.
    deleted: BTreeMap<String, Account>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Account {
    email: String,
    unique_id: String,
    display_name: String,
    description: String,
    disabled: bool,
    etag: String,
    policy: Policy,
    keys: BTreeMap<String, Key>,
}

impl Iam {
    /// Whether an address would be of this project, but is nobody's.
    pub(super) fn lacks(&self, email: &str, project: &str) -> bool {
        let own = email.ends_with(&format!("@{project}.iam.gserviceaccount.com"));
        own && !self.accounts.contains_key(email)
    }

    /// The address of an account given by its address or its unique id.
    fn email_of(&self, name: &str) -> Option<String> {
        if self.accounts.contains_key(name) {
            return Some(name.to_owned());
        }
        let mut accounts = self.accounts.values();
        accounts
            .find(|account| account.unique_id == name)
            .map(|account| account.email.clone())
    }
}

impl Account {
    fn shown(&self, project: &str) -> Value {
        let mut shown = json!({
            "name": format!("projects/{project}/serviceAccounts/{}", self.email),
            "projectId": project,
            "uniqueId": self.unique_id,
            "email": self.email,
            "etag": self.etag,
            "oauth2ClientId": self.unique_id,
        });
        for (field, value) in [
            ("displayName", &self.display_name),
            ("description", &self.description),
        ] {
            if !value.is_empty() {
                shown[field] = json!(value);
            }
        }
        if self.disabled {
            shown["disabled"] = json!(true);
        }
        shown
    }
}

fn unknown_account() -> Failure {
    Failure::not_found("Unknown service account")
}

impl Project {
    /// Answers a request below `projects/P/serviceAccounts`.
    pub(super) fn answer_accounts(&mut self, call: &Call, rest: &[&str]) -> (String, Answer) {
        let method = call.method().as_str();
        let (verb, answer) = match (method, rest, call.verb.as_str()) {
            ("GET", [], "") => ("list", self.list_accounts(call)),
            ("POST", [], "") => ("create", self.create_account(call)),
            ("POST", [name], "undelete") => ("undelete", self.undelete_account(name)),
            (_, [name, rest @ ..], verb) => {
                let email = self.iam.email_of(name);
                return match (email, rest) {
                    (Some(email), []) => self.answer_account(call, &email, method, verb),
                    (Some(email), ["keys", rest @ ..]) => self.answer_keys(call, &email, rest),
                    (None, []) => {
                        let known = account_verb(method, verb);
                        (format!("{}.{known}", service(verb)), Err(unknown_account()))
                    }
                    (None, _) => (
                        "iam.projects.serviceAccounts.keys".to_owned(),
                        Err(unknown_account()),
                    ),
                    _ => (super::unknown(), Err(call.no_such_method())),
                };
            }
            _ => return (super::unknown(), Err(call.no_such_method())),
        };
        (format!("iam.serviceAccounts.{verb}"), answer)
    }

    fn answer_account(
        &mut self,
        call: &Call,
        email: &str,
        method: &str,
        verb: &str,
    ) -> (String, Answer) {
        let known = account_verb(method, verb);
        let name = format!("{}.{known}", service(verb));
        let project = self.id.clone();
        let etag = self.next_fingerprint();
        let Some(account) = self.iam.accounts.get_mut(email) else {
            return (name, Err(unknown_account()));
        };
        let answer = match known {
            "get" => Ok(account.shown(&project)),
            "delete" => {
                self.delete_account(email);
                Ok(json!({}))
            }
            "enable" | "disable" => {
                account.disabled = known == "disable";
                account.etag = etag;
                Ok(json!({}))
            }
            "update" => call.message("ServiceAccount").and_then(|body| {
                change(account, &body, &["displayName", "description"], etag)?;
                Ok(account.shown(&project))
            }),
            "patch" => patch(account, call, etag, &project),
            "getIamPolicy" => {
                let policy = &self.iam.accounts[email].policy;
                self.shown_policy(call, policy)
            }
            "setIamPolicy" => self.set_account_policy(call, email),
            "testIamPermissions" => Ok(json!({"permissions": call.body["permissions"]})),
            "generateAccessToken" | "generateIdToken" => self.generate_token(call, email, known),
            _ => Err(call.no_such_method()),
        };
        (name, answer)
    }

    fn list_accounts(&self, call: &Call) -> Answer {
        let accounts = self
            .iam
            .accounts
            .values()
            .map(|account| account.shown(&self.id));
        call.page("accounts", accounts.collect(), 20, 100)
    }

    fn create_account(&mut self, call: &Call) -> Answer {
        let body = call.message("CreateServiceAccountRequest")?;
        let id = body
            .get("accountId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let right = (6..=30).contains(&id.len())
            && id.starts_with(|first: char| first.is_ascii_lowercase())
            && id.ends_with(letter)
            && id.chars().all(|each| letter(each) || each == '-');
        if !right {
            let message = format!(
                "Invalid account ID: '{id}'. Must be 6 to 30 lower case letters, digits and hyphens, and begin with a letter."
            );
            return Err(Failure::invalid_argument(message));
        }
        let email = format!("{id}@{}.iam.gserviceaccount.com", self.id);
        if self.iam.accounts.contains_key(&email) {
            let message = format!(
                "Service account {id} already exists within project projects/{}.",
                self.id
            );
            return Err(Failure::already_exists(message));
        }
        let mut account = Account {
            email: email.clone(),
            unique_id: format!("1{:020}", self.ids.next()),
            display_name: String::new(),
            description: String::new(),
            disabled: false,
            etag: self.next_fingerprint(),
            policy: Policy::default(),
            keys: BTreeMap::new(),
        };
        if let Some(Value::Object(fields)) = body.get("serviceAccount") {
            let etag = account.etag.clone();
            let mut fields = fields.clone();
            fields.remove("etag");
            change(&mut account, &fields, &["displayName", "description"], etag)?;
        }
        let shown = account.shown(&self.id);
        self.iam.accounts.insert(email, account);
        Ok(shown)
    }

    /// Policies keep an account that is deleted, under a name that no new account gets.
    fn delete_account(&mut self, email: &str) {
        if let Some(account) = self.iam.accounts.remove(email) {
            let (live, gone) = (live(&account), gone(&account));
            self.rename_member(&live, &gone);
            self.iam.deleted.insert(account.unique_id.clone(), account);
        }
    }

    fn undelete_account(&mut self, unique_id: &str) -> Answer {
        let found = self.iam.deleted.remove(unique_id);
        let account = found.ok_or_else(unknown_account)?;
        if self.iam.accounts.contains_key(&account.email) {
            let message = format!("Service account {} already exists.", account.email);
            self.iam.deleted.insert(unique_id.to_owned(), account);
            return Err(Failure::failed_precondition(message));
        }
        let shown = account.shown(&self.id);
        let (live, gone) = (live(&account), gone(&account));
        self.rename_member(&gone, &live);
        self.iam.accounts.insert(account.email.clone(), account);
        Ok(json!({"restoredAccount": shown}))
    }

    fn rename_member(&mut self, from: &str, to: &str) {
        self.policy.rename(from, to);
        for account in self.iam.accounts.values_mut() {
            account.policy.rename(from, to);
        }
    }

    fn set_account_policy(&mut self, call: &Call, email: &str) -> Answer {
        let current = self
            .iam
            .accounts
            .get_mut(email)
            .ok_or_else(unknown_account)?;
        let current = std::mem::take(&mut current.policy);
        let policy = self.new_policy(call, &current, false);
        let account = self
            .iam
            .accounts
            .get_mut(email)
            .ok_or_else(unknown_account)?;
        match policy {
            Ok(policy) => {
                account.policy = policy;
                Ok(account.policy.shown(3))
            }
            Err(failure) => {
                account.policy = current;
                Err(failure)
            }
        }
    }
}

fn live(account: &Account) -> String {
    format!("serviceAccount:{}", account.email)
}

fn gone(account: &Account) -> String {
    format!(
        "deleted:serviceAccount:{}?uid={}",
        account.email, account.unique_id
    )
}

/// The service that has a verb.
fn service(verb: &str) -> &'static str {
    match verb {
        "generateAccessToken" | "generateIdToken" => "iamcredentials.serviceAccounts",
        _ => "iam.serviceAccounts",
    }
}

fn account_verb<'a>(method: &str, verb: &'a str) -> &'a str {
    match (method, verb) {
        ("GET", "") => "get",
        ("PUT", "") => "update",
        ("PATCH", "") => "patch",
        ("DELETE", "") => "delete",
        (_, verb) => verb,
    }
}

fn change(
    account: &mut Account,
    fields: &Map<String, Value>,
    of: &[&str],
    etag: String,
) -> Result<(), Failure> {
    let given = fields
        .get("etag")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !given.is_empty() && given != account.etag {
        let message = "There were concurrent changes of the service account. The request's etag is not the current one.";
        return Err(Failure::aborted(message));
    }
    for field in of {
        let value = fields
            .get(*field)
            .and_then(Value::as_str)
            .unwrap_or_default();
        let (into, most) = match *field {
            "displayName" => (&mut account.display_name, 100),
            _ => (&mut account.description, 256),
        };
        if value.len() > most {
            let message = format!("The {field} must not be longer than {most} bytes.");
            return Err(Failure::invalid_argument(message));
        }
        value.clone_into(into);
    }
    account.etag = etag;
    Ok(())
}

/// A patch answers what it changed, and the name.
fn patch(account: &mut Account, call: &Call, etag: String, project: &str) -> Answer {
    let body = call.message("PatchServiceAccountRequest")?;
    let mask = body
        .get("updateMask")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut fields = Vec::new();
    for field in mask.split(',').filter(|field| !field.is_empty()) {
        fields.push(match field {
            "displayName" | "display_name" => "displayName",
            "description" => "description",
            "etag" => continue,
            other => {
                let message = format!("Field '{other}' of a service account cannot be updated.");
                return Err(Failure::invalid_argument(message));
            }
        });
    }
    if fields.is_empty() {
        return Err(Failure::invalid_argument("The update mask is empty."));
    }
    let none = Map::new();
    let given = body
        .get("serviceAccount")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    change(account, given, &fields, etag)?;
    let shown = account.shown(project);
    let mut answer = json!({"name": shown["name"]});
    for field in fields {
        if !shown[field].is_null() {
            answer[field] = shown[field].clone();
        }
    }
    Ok(answer)
}

//! The sample province: its communes, who works there, and what they have promised. None of it exists.

use chrono::NaiveDate;

use super::DemoError;
use crate::app::access::passwords::{NewPassword, password_set};
use crate::app::access::user_changes::{UserChange, user_change};
use crate::app::access::{self, NewUser, Principal, Role};
use crate::app::{App, catalogue};
use crate::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use crate::domain::ledger::hex;
use crate::domain::unit::Unit;

/// The province's code.
pub(super) const PROVINCE: &str = "H19";
const PROVINCE_NAME: &str = "Tỉnh Sông Xanh (dữ liệu mẫu)";

/// A commune, and how it works.
pub(super) struct Commune {
    /// Code.
    pub(super) code: &'static str,
    /// Name.
    pub(super) name: &'static str,
    /// Dossiers at the counter on an ordinary day.
    pub(super) daily: u32,
    /// Of a thousand dossiers, so many are resolved late.
    pub(super) late_permille: u32,
    /// Of a thousand same-day dossiers received after 15:00, so many are promised for the next working day against the commitment.
    pub(super) put_off_permille: u32,
    /// The officers.
    pub(super) officers: [&'static str; 2],
    /// The head, and where mail to the head goes.
    pub(super) leader: (&'static str, &'static str),
    /// Procedures registered for same-day handling.
    pub(super) same_day: &'static [&'static str],
    /// The decision behind its commitments.
    pub(super) decision: &'static str,
}

/// The communes.
pub(super) const COMMUNES: [Commune; 3] = [
    Commune {
        code: "H19.15",
        name: "Phường Bến Đình (dữ liệu mẫu)",
        daily: 34,
        late_permille: 18,
        put_off_permille: 200,
        officers: ["Nguyễn Thị Thu Hương", "Trần Quốc Bảo"],
        leader: ("Lê Minh Đức", "lanhdao@bendinh.example"),
        same_day: &["2.000815", "2.000884", "2.000908", "2.000635", "1.001193", "1.000656", "1.004873"],
        decision: "Quyết định số 12/QĐ-UBND (dữ liệu mẫu)",
    },
    Commune {
        code: "H19.16",
        name: "Phường An Lạc (dữ liệu mẫu)",
        daily: 26,
        late_permille: 34,
        put_off_permille: 350,
        officers: ["Phạm Ngọc Mai", "Võ Thanh Tùng"],
        leader: ("Huỳnh Thị Kim Oanh", "lanhdao@anlac.example"),
        same_day: &["2.000815", "2.000884", "2.000908", "2.000635", "1.000656"],
        decision: "Quyết định số 31/QĐ-UBND (dữ liệu mẫu)",
    },
    Commune {
        code: "H19.17",
        name: "Xã Tân Hòa (dữ liệu mẫu)",
        daily: 15,
        late_permille: 48,
        put_off_permille: 500,
        officers: ["Điểu Thị Hạnh", "Đặng Văn Phúc"],
        leader: ("Bùi Hữu Nghĩa", "lanhdao@tanhoa.example"),
        same_day: &["2.000815", "2.000884", "2.000908"],
        decision: "Quyết định số 08/QĐ-UBND (dữ liệu mẫu)",
    },
];

/// The tokens that are shown, and those who log the sample dossiers.
pub(super) struct Staff {
    /// A token for each role: officer and leader of the first commune, reporter and administrator of the province.
    pub(super) tokens: Tokens,
    /// The officers of each commune, as [`COMMUNES`] has them.
    pub(super) officers: Vec<Vec<Principal>>,
}

/// One token a role, as `tokens.json` keeps them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tokens {
    /// Logs dossiers at H19.15.
    pub officer: String,
    /// Head of H19.15.
    pub leader: String,
    /// Reads the whole province.
    pub reporter: String,
    /// Keeps the whole province.
    pub admin: String,
    /// The password of all four at the pages, where their usernames are the roles' words; empty in a sample made before there were pages.
    #[serde(default)]
    pub password: String,
}

/// Sets up units, commitments in force from `since`, and users.
pub(super) async fn settle(app: &App, since: NaiveDate) -> Result<Staff, DemoError> {
    let unit = |code: &str, name: &str, parent: Option<&str>| Unit {
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.map(ToOwned::to_owned),
        valid_from: None,
        valid_to: None,
        merged_into: None,
    };
    let mut units = vec![unit(PROVINCE, PROVINCE_NAME, None)];
    units.extend(COMMUNES.iter().map(|of| unit(of.code, of.name, Some(PROVINCE))));
    catalogue::units_put(app, units).await?;
    for commune in &COMMUNES {
        for commitment in commitments(commune, since) {
            catalogue::commitment_create(app, commitment, None).await?;
        }
    }
    hire(app).await
}

/// Results the same day for what is registered, and nothing of it put off over the weekend.
fn commitments(of: &Commune, since: NaiveDate) -> [Commitment; 2] {
    let commitment = |effect, procedures| Commitment {
        id: 0,
        unit: of.code.to_owned(),
        subtree: false,
        selector: Selector { procedures, ..Selector::default() },
        received_on: ReceivedOn::default(),
        effect,
        valid_from: since,
        valid_to: None,
        decision: of.decision.to_owned(),
    };
    let registered = of.same_day.iter().map(|code| (*code).to_owned()).collect();
    [commitment(Effect::SameDay, registered), commitment(Effect::NoWeekRollover, Vec::new())]
}

async fn hire(app: &App) -> Result<Staff, DemoError> {
    let mut officers = Vec::new();
    let mut shown = Vec::new();
    for commune in &COMMUNES {
        let mut here = Vec::new();
        for name in commune.officers {
            let token = user(app, Role::Officer, commune.code, name, None).await?;
            here.push(access::authenticate(app, &token).await?);
            shown.push((Role::Officer, token));
        }
        officers.push(here);
        let (name, email) = commune.leader;
        shown.push((Role::Leader, user(app, Role::Leader, commune.code, name, Some(email)).await?));
    }
    let province = Some("lanhdao@songxanh.example");
    user(app, Role::Leader, PROVINCE, "Hoàng Thị Bích Vân", province).await?;
    shown.push((Role::Reporter, user(app, Role::Reporter, PROVINCE, "Ngô Thanh Sơn", None).await?));
    shown.push((Role::Admin, user(app, Role::Admin, PROVINCE, "Quản trị hệ thống", None).await?));
    // The first of a role is the one shown: that of the first commune.
    let first = |role| {
        let found = shown.iter().find(|(of, _)| *of == role).map(|(_, token)| token.clone());
        found.unwrap_or_default()
    };
    let tokens = Tokens {
        officer: first(Role::Officer),
        leader: first(Role::Leader),
        reporter: first(Role::Reporter),
        admin: first(Role::Admin),
        password: random_password()?,
    };
    for (role, token) in [
        (Role::Officer, &tokens.officer),
        (Role::Leader, &tokens.leader),
        (Role::Reporter, &tokens.reporter),
        (Role::Admin, &tokens.admin),
    ] {
        admit(app, role, token, &tokens.password).await?;
    }
    Ok(Staff { tokens, officers })
}

async fn user(
    app: &App,
    role: Role,
    unit: &str,
    name: &str,
    email: Option<&str>,
) -> Result<String, DemoError> {
    let new = NewUser {
        name: name.to_owned(),
        role,
        unit: unit.to_owned(),
        email: email.map(ToOwned::to_owned),
        expires_at: None,
    };
    Ok(access::token_create(app, new).await?)
}

/// Lets the holder of a token sign in at the pages, too.
async fn admit(app: &App, role: Role, token: &str, password: &str) -> Result<(), DemoError> {
    let user_id = access::authenticate(app, token).await?.user_id;
    let named = UserChange { username: Some(Some(role.word().to_owned())), ..UserChange::default() };
    user_change(app, user_id, named, None).await?;
    let new = NewPassword { user_id, password: password.to_owned(), current: None, keep: None };
    Ok(password_set(app, new, None).await?)
}

/// Another one in each sample, for a sample may be let be seen by others.
fn random_password() -> Result<String, DemoError> {
    let mut random = [0_u8; 6];
    getrandom::fill(&mut random).map_err(|error| DemoError::Broken(error.to_string()))?;
    Ok(hex(&random))
}

//! The country that is made up: provinces and communes that do not exist, the shipped procedures, who works how late, and what a dossier is about.

use chrono::{DateTime, NaiveDate, Utc};

use super::{GenerateError, Plan};
use crate::app::Catalogue;
use crate::app::writer::{Applicant, Registration};
use crate::domain::commitment::Selector;
use crate::domain::dice::{Dice, Weights};
use crate::domain::dossier::Channel;
use crate::domain::office_time::local_date;
use crate::domain::procedure::Procedure;
use crate::domain::template::{SwitchOn, Template};
use crate::domain::unit::Unit;

/// The top.
const TOP: &str = "VN";
/// Provinces since 1/7/2025 (NQ 202/2025/QH15).
const PROVINCES: u32 = 34;
/// What is asked for most at a commune's counter, the most first; the others follow in an order of chance.
const USUAL: [&str; 12] = [
    "2.000815", "2.000884", "1.004873", "2.000635", "1.004194", "1.001193", "1.004222", "1.000656",
    "2.000908", "1.003197", "1.001612", "2.001019",
];
/// How many of these units commit themselves to handle within the day.
const COMMITTED: usize = 6;
/// The share of dossiers received online at the beginning and at the end, in thousandths.
const ONLINE: (u32, u32) = (220, 680);
/// The share of those received by post, in thousandths.
const POSTAL: u32 = 35;

/// What is known of the country.
pub(super) struct Country {
    communes: Vec<Commune>,
    sizes: Weights,
    handled: Vec<Handled>,
    demand: Weights,
}

struct Commune {
    code: String,
    province: String,
    officers: u32,
    late_permille: u32,
}

struct Handled {
    code: String,
    /// How often it is late against others, in hundredths.
    late_percent: u32,
    /// How often it comes online against others, in hundredths.
    online_percent: u32,
}

/// How those work who have a dossier in hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// Of a thousand dossiers, so many are late.
    pub(super) late_permille: u32,
    /// Of a thousand late ones, so many are apologised for in time.
    pub(super) apologised_permille: u32,
}

impl Country {
    /// Without the catalogue's units: they are made from it.
    pub(super) fn new(
        plan: &Plan,
        first: NaiveDate,
        catalogue: &Catalogue,
    ) -> Result<Country, GenerateError> {
        let handled = handled(plan, first, catalogue)?;
        let mut dice = Dice::of(&[plan.seed, 1]);
        let communes: Vec<Commune> = (0..plan.units).map(|n| commune(n, plan.units, &mut dice)).collect();
        // A few towns take many times what a mountain commune takes: 30 to 3 000, most of them small.
        let sizes = Weights::new(communes.iter().map(|_| 30 + dice.between(0, 54).pow(2)));
        // Zipf: the n-th takes a share of 1/n.
        let ranks = 1..=u32::try_from(handled.len()).unwrap_or(u32::MAX);
        let demand = Weights::new(ranks.map(|rank| 1_000_000 / rank));
        Ok(Country { communes, sizes, handled, demand })
    }

    /// The top, the provinces and the communes.
    pub(super) fn all_units(&self) -> Vec<Unit> {
        let unit = |code: &str, name: String, parent: Option<&str>| Unit {
            code: code.to_owned(),
            name,
            parent: parent.map(ToOwned::to_owned),
            valid_from: None,
            valid_to: None,
            merged_into: None,
        };
        let mut all = vec![unit(TOP, "Toàn quốc (dữ liệu đo tải)".to_owned(), None)];
        for commune in &self.communes {
            let province = &commune.province;
            if all.iter().rev().all(|of| of.code != *province) {
                all.push(unit(province, format!("Tỉnh {province} (dữ liệu đo tải)"), Some(TOP)));
            }
            let name = format!("Xã {} (dữ liệu đo tải)", commune.code);
            all.push(unit(&commune.code, name, Some(province)));
        }
        all
    }

    /// What the units commit themselves to from this day on: the usual procedures that are simple are handled within the day, and of these nothing that is
    /// taken on a Friday is put off to next week.
    pub(super) fn commitments(&self, from: NaiveDate) -> [(Template, SwitchOn); 2] {
        let usual = self.handled.iter().take(COMMITTED).map(|of| of.code.clone()).collect();
        let with = |selector: Selector| SwitchOn {
            unit: TOP.to_owned(),
            subtree: true,
            selector,
            weekday: None,
            nth_week: None,
            session: None,
            valid_from: from,
            valid_to: None,
            decision: "QĐ 01/QĐ-UBND (dữ liệu đo tải)".to_owned(),
        };
        [
            (Template::SameDay, with(Selector { procedures: usual, ..Selector::default() })),
            (Template::FridayNoRollover, with(Selector::default())),
        ]
    }

    /// What is handed in at `at`, after so many thousandths of the whole stretch, as the day's dossier number `serial`.
    pub(super) fn registration(
        &self,
        at: DateTime<Utc>,
        elapsed: u32,
        serial: u32,
        dice: &mut Dice,
    ) -> (Registration, Habits) {
        let commune = self.communes.get(self.sizes.draw(dice));
        let handled = self.handled.get(self.demand.draw(dice));
        let online = (ONLINE.0 + (ONLINE.1 - ONLINE.0) * elapsed / 1_000)
            * handled.map_or(100, |of| of.online_percent)
            / 100;
        let channel = match dice.below(1_000) {
            drawn if drawn < POSTAL => Channel::Postal,
            drawn if drawn < POSTAL + online.min(940) => Channel::Online,
            _ => Channel::InPerson,
        };
        let officer = dice.below(commune.map_or(1, |of| of.officers)) + 1;
        let late = commune.map_or(0, |of| of.late_permille) * handled.map_or(100, |of| of.late_percent) / 100;
        let unit = commune.map_or(String::new(), |of| of.code.clone());
        let registration = Registration {
            // Of the portal's form, whatever the unit: codes grow with time, and so does their key in the database.
            code: Some(format!("000.00.00.G00-{}-{serial:06}", local_date(at).format("%y%m%d"))),
            officer: Some(format!("Cán bộ {unit}/{officer}")),
            unit,
            procedure: handled.map_or(String::new(), |of| of.code.clone()),
            channel,
            case: None,
            received_at: Some(at),
            due_at: None,
            applicant: Applicant { name: String::new(), phone: None, email: None, address: None },
            note: None,
            reason: None,
            closed: None,
            idempotency: None,
        };
        (registration, Habits { late_permille: late.min(600), apologised_permille: 250 })
    }
}

/// The n-th of so many, with its own pace: most are late with 1 in 100 dossiers, the worst with 1 in 8.
fn commune(n: u32, of: u32, dice: &mut Dice) -> Commune {
    let provinces = PROVINCES.min(of).max(1);
    let province = format!("G{:02}", n % provinces + 1);
    let slow = dice.between(0, 11);
    Commune {
        code: format!("{province}.{:03}", n / provinces + 1),
        province,
        officers: dice.between(2, 9),
        late_permille: 4 + slow.pow(2),
    }
}

/// The procedures that are asked for, the usual ones first.
fn handled(plan: &Plan, first: NaiveDate, catalogue: &Catalogue) -> Result<Vec<Handled>, GenerateError> {
    let always = |of: &&Procedure| {
        let limit = |channel: &Channel| of.limit_at(first, *channel).is_some();
        [Channel::InPerson, Channel::Online, Channel::Postal].iter().all(limit)
    };
    let mut dice = Dice::of(&[plan.seed, 2]);
    let mut all: Vec<(u32, &str)> = catalogue
        .procedures
        .values()
        .filter(always)
        .map(|of| {
            let usual = USUAL.iter().position(|code| *code == of.code);
            let rank = usual.and_then(|place| u32::try_from(place).ok());
            let by_chance = 100 + dice.below(1_000_000);
            (rank.unwrap_or(by_chance), of.code.as_str())
        })
        .collect();
    if all.len() < plan.procedures {
        return Err(GenerateError::TooFewProcedures(all.len()));
    }
    all.sort_unstable();
    all.truncate(plan.procedures);
    let handled = |(_, code): &(u32, &str)| Handled {
        code: (*code).to_owned(),
        late_percent: dice.between(40, 220),
        online_percent: dice.between(60, 130),
    };
    Ok(all.iter().map(handled).collect())
}

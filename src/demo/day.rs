//! One day at a sample commune: who comes, when, for what, and what the officer promises.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::people;
use super::place::Commune;
use crate::app::Catalogue;
use crate::app::writer::Registration;
use crate::domain::calendar::Calendar;
use crate::domain::dice::Dice;
use crate::domain::dossier::Channel;
use crate::domain::office_time;

/// What is asked for, how often, and how much of it comes by the public service portal, in a thousand.
const PROCEDURES: [(&str, u32, u32); 24] = [
    ("2.000815", 300, 0),
    ("2.000884", 70, 0),
    ("2.000908", 10, 0),
    ("2.001035", 25, 0),
    ("1.001193", 55, 350),
    ("1.000656", 22, 250),
    ("1.000894", 14, 100),
    ("1.004873", 60, 400),
    ("2.000635", 50, 450),
    ("1.004194", 45, 800),
    ("1.004222", 40, 700),
    ("1.010041", 45, 700),
    ("1.010039", 12, 600),
    ("1.010038", 8, 500),
    ("1.014061", 45, 100),
    ("1.014062", 30, 150),
    ("1.014063", 30, 200),
    ("1.014064", 15, 300),
    ("1.012796", 10, 300),
    ("1.013978", 12, 200),
    ("1.012817", 5, 200),
    ("1.001612", 30, 650),
    ("1.001570", 8, 600),
    ("1.001731", 10, 200),
];
/// How busy the hours are in which the counter is open, as (hour, share).
const HOURS: [(u32, u32); 9] =
    [(7, 7), (8, 20), (9, 19), (10, 15), (11, 4), (13, 9), (14, 14), (15, 9), (16, 5)];
/// Of a thousand that are not online, so many come by post.
const POSTAL_PERMILLE: u32 = 30;
const REASONS: [&str; 4] = [
    "Lãnh đạo ký đi công tác, sáng làm việc kế tiếp ký trả",
    "Hồ sơ nộp cuối giờ, số lượng bản sao nhiều",
    "Hệ thống phần mềm gián đoạn cuối giờ",
    "Công dân đề nghị nhận kết quả vào ngày làm việc kế tiếp",
];
/// Of a thousand dossiers that take some days, so many are sent back or paused on their way.
const DETOUR_PERMILLE: u32 = 80;
const LACKING: [&str; 3] = [
    "Thiếu bản sao giấy chứng nhận quyền sử dụng đất",
    "Tờ khai chưa ghi đủ thông tin theo mẫu",
    "Thiếu giấy tờ chứng minh nơi cư trú",
];
/// What the slip says of the delay.
pub(super) const APOLOGY: &str = "Cần thêm thời gian phối hợp với cơ quan liên quan";
const AFTERNOON_LIMIT: Option<NaiveTime> = NaiveTime::from_hms_opt(15, 0, 0);

/// How a dossier will fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Resolved within its promise.
    Kept,
    /// Resolved so many working days after its due day.
    Late(u32),
}

/// A dossier to come.
pub(super) struct Arrival {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// Which of the commune's officers takes it.
    pub(super) officer: usize,
    /// What is handed in.
    pub(super) registration: Registration,
    /// How it will fare.
    pub(super) fate: Fate,
}

/// Everything that comes in on a day, at the counter when it is open and through the portal at any hour.
pub(super) fn arrivals(
    catalogue: &Catalogue,
    calendar: &Calendar,
    of: &Commune,
    date: NaiveDate,
) -> Vec<Arrival> {
    let mut dice = Dice::of(&[u64::from(date.num_days_from_ce().unsigned_abs()), u64::from(of.daily)]);
    let working = calendar.is_working(date);
    let busy = match date.weekday() {
        Weekday::Mon => 125,
        Weekday::Tue => 105,
        Weekday::Fri => 95,
        Weekday::Wed | Weekday::Thu | Weekday::Sat | Weekday::Sun => 90,
    };
    // On a day off only the portal is open.
    let count = if working { of.daily * dice.between(busy - 12, busy + 12) / 100 } else { dice.below(4) };
    (0..count).filter_map(|_| arrival(catalogue, calendar, of, date, &mut dice)).collect()
}

fn arrival(
    catalogue: &Catalogue,
    calendar: &Calendar,
    of: &Commune,
    date: NaiveDate,
    dice: &mut Dice,
) -> Option<Arrival> {
    let working = calendar.is_working(date);
    let (code, _, online) = dice.weighted(&PROCEDURES, |one| if working { one.1 } else { one.1 * one.2 })?;
    let procedure = catalogue.procedures.get(*code)?;
    let wanted = if !working || dice.permille(*online) {
        Channel::Online
    } else if *online > 0 && dice.permille(POSTAL_PERMILLE) {
        Channel::Postal
    } else {
        Channel::InPerson
    };
    let channel = procedure.limit_at(date, wanted).map_or(Channel::InPerson, |_| wanted);
    procedure.limit_at(date, channel)?;
    let at = moment(date, channel, dice)?;
    let due_at = put_off(calendar, of, code, at, dice);
    let fate = if dice.permille(of.late_permille) { Fate::Late(dice.between(1, 4)) } else { Fate::Kept };
    let registration = Registration {
        code: None,
        unit: of.code.to_owned(),
        procedure: (*code).to_owned(),
        channel,
        case: None,
        received_at: Some(at),
        due_at,
        officer: None,
        applicant: people::applicant(dice, of.name),
        note: None,
        reason: (due_at.is_some() && dice.permille(600)).then(|| dice.word(&REASONS).to_owned()),
        closed: None,
        idempotency: None,
    };
    let officer = if dice.permille(600) { 0 } else { 1 };
    Some(Arrival { at, officer, registration, fate })
}

/// When it comes in: through the portal also in the evening, else while the counter is open.
fn moment(date: NaiveDate, channel: Channel, dice: &mut Dice) -> Option<DateTime<Utc>> {
    let hour = match channel {
        Channel::Online if dice.permille(350) => dice.between(17, 21),
        Channel::Online | Channel::InPerson | Channel::Postal => {
            dice.weighted(&HOURS, |hour| hour.1).map_or(9, |hour| hour.0)
        }
    };
    let minute = match hour {
        7 => dice.between(30, 59),
        11 => dice.below(30),
        _ => dice.below(60),
    };
    let time = NaiveTime::from_hms_opt(hour, minute, dice.below(60))?;
    Some(office_time::instant(date, time))
}

/// What some officers do after 15:00, lawfully and against the commitment: promise the next working day, on a Friday the Monday.
fn put_off(
    calendar: &Calendar,
    of: &Commune,
    procedure: &str,
    at: DateTime<Utc>,
    dice: &mut Dice,
) -> Option<DateTime<Utc>> {
    let late = AFTERNOON_LIMIT.is_some_and(|limit| office_time::local_time(at) > limit);
    let open = calendar.session_at(at).is_some();
    if !(late && open && of.same_day.contains(&procedure) && dice.permille(of.put_off_permille)) {
        return None;
    }
    calendar.closes_at(calendar.next_working_day(office_time::local_date(at))?)
}

/// A time during which a dossier stands still.
pub(super) struct Detour {
    /// When it is halted.
    pub(super) from: DateTime<Utc>,
    /// When it goes on.
    pub(super) to: DateTime<Utc>,
    /// Why.
    pub(super) reason: &'static str,
    /// The legal ground of a pause; `None` when a supplement is asked for.
    pub(super) ground: Option<&'static str>,
}

/// Whether a dossier received so and due so is sent back or paused on its way; those that are quickly done are not.
pub(super) fn detour(
    calendar: &Calendar,
    effective: DateTime<Utc>,
    due_at: DateTime<Utc>,
    dice: &mut Dice,
) -> Option<Detour> {
    let (received, due) = (office_time::local_date(effective), office_time::local_date(due_at));
    if calendar.working_days_between(received, due) < 3 || !dice.permille(DETOUR_PERMILLE) {
        return None;
    }
    let from = calendar.add_session_minutes(effective, dice.between(40, 700))?;
    let to = calendar.add_session_minutes(from, dice.between(500, 2_600))?;
    let (reason, ground) = if dice.permille(700) {
        (dice.word(&LACKING), None)
    } else {
        ("Gửi văn bản xác minh nơi cư trú trước đây", Some("Luật Hộ tịch 2014"))
    };
    Some(Detour { from, to, reason, ground })
}

/// When a citizen is told that a dossier will be late, and the new appointment; most offices do so, some too late.
pub(super) fn apology(
    calendar: &Calendar,
    due_at: DateTime<Utc>,
    fate: Fate,
    dice: &mut Dice,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Fate::Late(days) = fate else { return None };
    let due = office_time::local_date(due_at);
    let told = match dice.below(10) {
        0..6 => calendar.subtract_working_days(due, 1)?,
        6..8 => calendar.working_day_on_or_before(due)?,
        _ => return None,
    };
    let appointed = calendar.closes_at(calendar.add_working_days(due, days + 1)?)?;
    Some((during(calendar, told, dice)?, appointed))
}

/// When a dossier received so and due so is resolved.
pub(super) fn resolved_at(
    calendar: &Calendar,
    effective: DateTime<Utc>,
    due_at: DateTime<Utc>,
    fate: Fate,
    dice: &mut Dice,
) -> Option<DateTime<Utc>> {
    let (from, due) = (office_time::local_date(effective), office_time::local_date(due_at));
    match fate {
        Fate::Late(days) => during(calendar, calendar.add_working_days(due, days)?, dice),
        Fate::Kept if from == due => {
            let worked = calendar.add_session_minutes(effective, dice.between(8, 100))?;
            // What cannot be done before the counter closes is done just before.
            Some(worked.min(due_at - TimeDelta::minutes(i64::from(dice.between(1, 8)))).max(effective))
        }
        Fate::Kept => {
            let days = calendar.working_days_between(from, due);
            let ahead = if dice.permille(450) { 0 } else { dice.between(1, days.max(2) - 1) };
            let day = calendar.add_working_days(from, days.saturating_sub(ahead).max(1))?.min(due);
            Some(during(calendar, day, dice)?.max(effective))
        }
    }
}

/// Some time in a day's sessions, well before they end.
fn during(calendar: &Calendar, day: NaiveDate, dice: &mut Dice) -> Option<DateTime<Utc>> {
    calendar.add_session_minutes(calendar.opens_at(day)?, dice.between(15, 440))
}

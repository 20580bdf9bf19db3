//! Made-up people with names as they are common in Vietnam. Their telephone numbers have a shape that no network gives out.

use crate::app::writer::Applicant;
use crate::domain::dice::Dice;

/// Family names with how common they are, in a thousand.
const FAMILIES: [(&str, u32); 20] = [
    ("Nguyễn", 315),
    ("Trần", 109),
    ("Lê", 87),
    ("Phạm", 59),
    ("Huỳnh", 40),
    ("Hoàng", 30),
    ("Phan", 28),
    ("Vũ", 25),
    ("Võ", 25),
    ("Đặng", 21),
    ("Bùi", 20),
    ("Đỗ", 19),
    ("Hồ", 15),
    ("Ngô", 14),
    ("Dương", 13),
    ("Lý", 9),
    ("Đinh", 8),
    ("Trương", 8),
    ("Mai", 6),
    ("Điểu", 6),
];
const WOMENS_MIDDLE: [&str; 8] = ["Thị", "Thị", "Thị", "Ngọc", "Thị Thu", "Thị Kim", "Thanh", "Thị Mỹ"];
const WOMENS: [&str; 20] = [
    "Hòa",
    "Lan",
    "Hương",
    "Hồng",
    "Mai",
    "Nga",
    "Thảo",
    "Trang",
    "Linh",
    "Hạnh",
    "Phượng",
    "Tuyết",
    "Yến",
    "Vân",
    "Loan",
    "Dung",
    "Thủy",
    "Nhung",
    "Diễm",
    "Xuân",
];
const MENS_MIDDLE: [&str; 8] = ["Văn", "Văn", "Văn", "Hữu", "Đức", "Minh", "Quốc", "Thanh"];
const MENS: [&str; 20] = [
    "Hùng", "Dũng", "Tuấn", "Nam", "Sơn", "Long", "Thành", "Phúc", "Bình", "Cường", "Đạt", "Khoa", "Lợi",
    "Nghĩa", "Quang", "Tài", "Thắng", "Trung", "Tùng", "Vinh",
];

/// Somebody who comes to the counter.
pub(super) fn applicant(dice: &mut Dice, place: &str) -> Applicant {
    let family = dice.weighted(&FAMILIES, |family| family.1).map_or("Nguyễn", |family| family.0);
    let (middle, given) = if dice.permille(500) {
        (dice.word(&WOMENS_MIDDLE), dice.word(&WOMENS))
    } else {
        (dice.word(&MENS_MIDDLE), dice.word(&MENS))
    };
    let phone = dice.permille(900).then(|| format!("0000{:06}", dice.below(1_000_000)));
    let address = dice
        .permille(600)
        .then(|| format!("Tổ {}, khu phố {}, {place}", dice.between(1, 30), dice.between(1, 9)));
    Applicant { name: format!("{family} {middle} {given}"), phone, email: None, address }
}

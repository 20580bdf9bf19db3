//! Codes to be scanned, as the path of an SVG: sharp at any size, and printed without a picture being loaded.

use qrcode::{Color, EcLevel, QrCode};

/// A code to be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Qr {
    /// Squares on each side, without the white edge that it needs around it.
    pub(super) side: usize,
    /// Its dark squares as an SVG path of strokes one unit wide, row by row.
    pub(super) path: String,
}

/// The code of a text; `None` when the text is too long for one.
pub(super) fn qr(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let colors = code.into_colors();
    let mut path = String::from("M0 .5");
    // Where the pen is: each stroke begins from the end of the one before, which keeps the path short.
    let (mut pen_x, mut pen_y) = (0_usize, 0_usize);
    for (y, row) in colors.chunks(side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let back = if x < pen_x { format!("-{}", pen_x - x) } else { (x - pen_x).to_string() };
                path.push_str(&format!("m{back} {}h{}", y - pen_y, run.len()));
                (pen_x, pen_y) = (x + run.len(), y);
            }
            x += run.len();
        }
    }
    Some(Qr { side, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark squares that the path draws.
    fn drawn(qr: &Qr) -> Vec<Vec<bool>> {
        let mut squares = vec![vec![false; qr.side]; qr.side];
        let (mut x, mut y) = (0_i64, 0_i64);
        for step in qr.path.strip_prefix("M0 .5").unwrap().split('m').skip(1) {
            let (moved, length) = step.split_once('h').unwrap();
            let (across, down) = moved.split_once(' ').unwrap();
            x += across.parse::<i64>().unwrap();
            y += down.parse::<i64>().unwrap();
            for _ in 0..length.parse::<i64>().unwrap() {
                squares[usize::try_from(y).unwrap()][usize::try_from(x).unwrap()] = true;
                x += 1;
            }
        }
        squares
    }

    #[test]
    fn the_path_draws_the_code_square_by_square() {
        let text = "https://hentra.example.vn/status?code=H19.15-261120-0007";
        let made = qr(text).unwrap();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let expected: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        assert_eq!(drawn(&made).concat(), expected);
        assert!(made.path.len() < 4_000, "{}", made.path.len());
    }

    #[test]
    fn what_fits_into_no_code_has_none() {
        assert_eq!(qr(&"x".repeat(5_000)), None);
    }
}

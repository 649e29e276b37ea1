//! Ranks of scores, in which equals share a rank, and the best window among those with enough cases.

use serde::Serialize;

/// Somebody with their rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ranked<K> {
    /// 1 is the best; after two firsts comes a third.
    pub rank: usize,
    /// Who.
    pub who: K,
    /// Their points in hundredths.
    pub points_hundredths: i64,
}

/// Ranks by points, the best first; equals share the rank and stand in the order of their names.
pub fn rank<K: Ord>(scores: Vec<(K, i64)>) -> Vec<Ranked<K>> {
    let mut scores = scores;
    scores.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let mut ranked: Vec<Ranked<K>> = Vec::with_capacity(scores.len());
    for (place, (who, points_hundredths)) in scores.into_iter().enumerate() {
        let equal = ranked
            .last()
            .filter(|last| last.points_hundredths == points_hundredths);
        let rank = equal.map_or(place + 1, |last| last.rank);
        ranked.push(Ranked {
            rank,
            who,
            points_hundredths,
        });
    }
    ranked
}

/// A window that may be the best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<K> {
    /// Who.
    pub who: K,
    /// Their points in hundredths.
    pub points_hundredths: i64,
    /// How many cases they had.
    pub cases: u64,
}

/// Who is the best window, and who had too few cases to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BestWindow<K> {
    /// The best; several where they are equal, nobody where none had enough cases.
    pub best: Vec<K>,
    /// Those left out for want of cases.
    pub too_few: Vec<K>,
}

/// The best window among those with at least so many cases.
pub fn best_window<K: Ord>(candidates: Vec<Candidate<K>>, least_cases: u64) -> BestWindow<K> {
    let (enough, few): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| candidate.cases >= least_cases);
    let scores = enough.into_iter().map(|it| (it.who, it.points_hundredths));
    let ranked = rank(scores.collect()).into_iter();
    let mut too_few: Vec<K> = few.into_iter().map(|candidate| candidate.who).collect();
    too_few.sort();
    BestWindow {
        best: ranked
            .take_while(|it| it.rank == 1)
            .map(|it| it.who)
            .collect(),
        too_few,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_share_a_rank_and_the_next_one_is_counted_on() {
        let ranked = rank(vec![("d", 50), ("b", 90), ("a", 90), ("c", 70)]);
        let places: Vec<(usize, &str)> = ranked.iter().map(|it| (it.rank, it.who)).collect();
        assert_eq!(places, [(1, "a"), (1, "b"), (3, "c"), (4, "d")]);
    }

    #[test]
    fn a_window_with_few_cases_is_never_the_best() {
        let candidate = |who, points_hundredths, cases| Candidate {
            who,
            points_hundredths,
            cases,
        };
        let candidates = vec![
            candidate("a", 100, 2),
            candidate("b", 90, 30),
            candidate("c", 90, 40),
        ];
        let found = best_window(candidates, 30);
        assert_eq!(found.best, ["b", "c"]);
        assert_eq!(found.too_few, ["a"]);
    }

    #[test]
    fn nobody_is_best_where_nobody_has_enough_cases() {
        let candidate = Candidate {
            who: "a",
            points_hundredths: 1,
            cases: 0,
        };
        assert_eq!(best_window(vec![candidate], 1).best, [""; 0]);
    }
}

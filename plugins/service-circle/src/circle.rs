//! What a circle decides: who takes a matter that needs a particular service, and what the circle lacks.

use fengqiao_sdk::case::Matter;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::propose;

use crate::config::{Config, Service};

/// Who runs the nearest station that offers what the matter needs; nobody where it needs nothing particular, is
/// another's in any case, or the point isn't covered.
pub(crate) fn taker<'a>(config: &Config, matter: &Matter, nearby: &'a Nearby) -> Option<&'a str> {
    if config.except.iter().any(|mark| matter.is_marked(mark)) {
        return None;
    }
    let mut services = config.services.iter();
    let service = services.find(|service| needs(matter, service))?;
    if nearby.covered.get(&service.code) != Some(&true) {
        return None;
    }
    nearby.nearest(&service.code)?.unit.as_deref()
}

/// A point is covered when every service is within its radius; these aren't.
pub(crate) fn gaps<'a>(config: &'a Config, nearby: &Nearby) -> Vec<&'a Service> {
    let lacks = |service: &&Service| nearby.covered.get(&service.code) == Some(&false);
    config.services.iter().filter(lacks).collect()
}

/// Each service that is lacking becomes a fact of the case, and all of them one task.
pub(crate) fn record(
    config: &Config,
    desk: &str,
    gaps: &[&Service],
    subject: &Subject,
) -> Vec<Proposal> {
    let flag = |service: &&Service| propose::flag(&format!("gap-{}", service.code)).on(subject);
    let mut proposals: Vec<Proposal> = gaps.iter().map(flag).collect();
    if let Some(gap) = config.gap.as_ref().filter(|_| !gaps.is_empty()) {
        let labels: Vec<&str> = gaps.iter().map(|service| service.label.as_str()).collect();
        let note = format!(
            "服务圈内没有{}：请就近调配，并列入站点建设清单",
            labels.join("、")
        );
        proposals.push(propose::raise_task("service-gap", desk, gap.role, &note).on(subject));
    }
    proposals
}

fn needs(matter: &Matter, service: &Service) -> bool {
    service
        .categories
        .iter()
        .any(|category| matter.is_of(category))
        || service.marks.iter().any(|mark| matter.is_marked(mark))
}

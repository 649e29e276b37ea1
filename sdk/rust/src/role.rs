//! What an official may be.

use serde::{Deserialize, Serialize};

/// The role of an official, as the kernel knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 窗口登记员、话务员
    Clerk,
    /// 网格员
    GridOfficer,
    /// 分拨员: the hub of a division.
    Dispatcher,
    /// 承办人
    UnitHandler,
    /// 单位负责人
    UnitHead,
    /// 书记: approves orders.
    Secretary,
    /// 信息员: approves simple orders.
    InformationOfficer,
    /// 调解员
    Mediator,
    /// 督办
    Supervisor,
    /// 考核
    Assessor,
    /// 纪检: decides referrals to discipline.
    Discipline,
}

impl Role {
    /// The role's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::GridOfficer => "grid-officer",
            Self::Dispatcher => "dispatcher",
            Self::UnitHandler => "unit-handler",
            Self::UnitHead => "unit-head",
            Self::Secretary => "secretary",
            Self::InformationOfficer => "information-officer",
            Self::Mediator => "mediator",
            Self::Supervisor => "supervisor",
            Self::Assessor => "assessor",
            Self::Discipline => "discipline",
        }
    }
}

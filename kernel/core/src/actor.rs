//! Who acts, and as what.

use serde::{Deserialize, Serialize};

use crate::ids::{BindingId, Code, Digest, DivisionCode, PrincipalId, UnitId};

/// Who sent a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "actor")]
pub enum Actor {
    /// An official, in one of the roles they hold.
    Official {
        /// Who.
        principal: PrincipalId,
        /// In which role.
        role: Role,
        /// For which unit, where the role belongs to one.
        unit: Option<UnitId>,
        /// The division that the role reaches over.
        division: DivisionCode,
    },
    /// The citizen whose case it is: signed in, or with the query code.
    Citizen {
        /// The signed-in citizen; nobody with a query code.
        principal: Option<PrincipalId>,
    },
    /// A binding's proposal.
    Plugin {
        /// The binding.
        binding: BindingId,
        /// The division that it is bound to.
        division: DivisionCode,
        /// The component that answered.
        component: Digest,
    },
    /// The kernel itself: clocks, merging, the fall-back rules.
    Kernel,
}

/// What an official may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// 渠道适配: a system that hands in what its channel received.
    Adapter,
    /// 发布: uploads plugins.
    Publisher,
    /// 系统管理员
    SystemAdmin,
    /// 安全管理员
    SecurityAdmin,
    /// 审计管理员
    Auditor,
}

impl Actor {
    /// The unit that the actor speaks for.
    pub fn unit(&self) -> Option<&UnitId> {
        match self {
            Actor::Official { unit, .. } => unit.as_ref(),
            Actor::Citizen { .. } | Actor::Plugin { .. } | Actor::Kernel => None,
        }
    }

    /// The role of an official.
    pub fn role(&self) -> Option<Role> {
        match self {
            Actor::Official { role, .. } => Some(*role),
            Actor::Citizen { .. } | Actor::Plugin { .. } | Actor::Kernel => None,
        }
    }

    /// The signed-in person.
    pub fn principal(&self) -> Option<&PrincipalId> {
        match self {
            Actor::Official { principal, .. } => Some(principal),
            Actor::Citizen { principal } => principal.as_ref(),
            Actor::Plugin { .. } | Actor::Kernel => None,
        }
    }

    /// The division that the actor reaches over; the citizen and the kernel have none.
    pub fn reach(&self) -> Option<&DivisionCode> {
        match self {
            Actor::Official { division, .. } | Actor::Plugin { division, .. } => Some(division),
            Actor::Citizen { .. } | Actor::Kernel => None,
        }
    }
}

impl Role {
    /// The Chinese word of the kernel; a profile may give another under `role.<word>`.
    pub fn label(self) -> &'static str {
        match self {
            Role::Clerk => "窗口登记员",
            Role::GridOfficer => "网格员",
            Role::Dispatcher => "分拨员",
            Role::UnitHandler => "承办人",
            Role::UnitHead => "单位负责人",
            Role::Secretary => "书记",
            Role::InformationOfficer => "信息员",
            Role::Mediator => "调解员",
            Role::Supervisor => "督办员",
            Role::Assessor => "考核员",
            Role::Discipline => "纪检人员",
            Role::Adapter => "渠道系统",
            Role::Publisher => "插件发布员",
            Role::SystemAdmin => "系统管理员",
            Role::SecurityAdmin => "安全管理员",
            Role::Auditor => "审计管理员",
        }
    }

    /// The word used in JSON, WIT and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Clerk => "clerk",
            Role::GridOfficer => "grid-officer",
            Role::Dispatcher => "dispatcher",
            Role::UnitHandler => "unit-handler",
            Role::UnitHead => "unit-head",
            Role::Secretary => "secretary",
            Role::InformationOfficer => "information-officer",
            Role::Mediator => "mediator",
            Role::Supervisor => "supervisor",
            Role::Assessor => "assessor",
            Role::Discipline => "discipline",
            Role::Adapter => "adapter",
            Role::Publisher => "publisher",
            Role::SystemAdmin => "system-admin",
            Role::SecurityAdmin => "security-admin",
            Role::Auditor => "auditor",
        }
    }
}

impl Actor {
    /// Who said so, as a word: the official's role, `citizen`, `plugin` or `kernel`.
    pub fn source(&self) -> Code {
        Code::word(match self {
            Actor::Official { role, .. } => role.as_str(),
            Actor::Citizen { .. } => "citizen",
            Actor::Plugin { .. } => "plugin",
            Actor::Kernel => "kernel",
        })
    }
}

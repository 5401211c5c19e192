//! The actions of CloudWatch (rpcv2Cbor, handled as JSON documents).

use super::{data, describe};
use crate::wire::{Action, ApiError};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        name: "GetMetricData",
        members: &[
            "MetricDataQueries",
            "StartTime",
            "EndTime",
            "NextToken",
            "ScanBy",
            "MaxDatapoints",
            "LabelOptions",
        ],
        run: data::get_metric_data,
    },
    Action {
        name: "ListMetrics",
        members: &[
            "Namespace",
            "MetricName",
            "Dimensions",
            "NextToken",
            "RecentlyActive",
            "IncludeLinkedAccounts",
            "OwningAccount",
        ],
        run: describe::list_metrics,
    },
    Action {
        name: "DescribeAlarms",
        members: &[
            "AlarmNames",
            "AlarmNamePrefix",
            "AlarmTypes",
            "ChildrenOfAlarmName",
            "ParentsOfAlarmName",
            "StateValue",
            "ActionPrefix",
            "MaxRecords",
            "NextToken",
        ],
        run: describe::describe_alarms,
    },
    Action {
        name: "DescribeAlarmHistory",
        members: &[
            "AlarmName",
            "AlarmContributorId",
            "AlarmTypes",
            "HistoryItemType",
            "StartDate",
            "EndDate",
            "MaxRecords",
            "NextToken",
            "ScanBy",
        ],
        run: describe::describe_alarm_history,
    },
];

pub(super) fn invalid_token() -> ApiError {
    ApiError::client("InvalidNextToken", "The specified next token is invalid.")
}

/// What CloudWatch calls a value that cannot be.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("InvalidParameterValueException", message)
}

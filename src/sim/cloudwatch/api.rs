//! The actions of CloudWatch (rpcv2Cbor, handled as JSON documents).

use super::{CloudWatch, data, describe, statistics};
use crate::wire::{Action, Run};

pub(crate) const ACTIONS: &[Action<Run<CloudWatch>>] = &[
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
        name: "GetMetricStatistics",
        members: &[
            "Namespace",
            "MetricName",
            "Dimensions",
            "StartTime",
            "EndTime",
            "Period",
            "Statistics",
            "ExtendedStatistics",
            "Unit",
        ],
        run: statistics::get_metric_statistics,
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

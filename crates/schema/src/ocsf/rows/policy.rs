//! The policy that was given or taken.

use super::{name_in, part};
use crate::convert::string;
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::{self, AccountChange};
use crate::ocsf::facts::{Facts, says};
use crate::program::end;
use crate::table::{Row, Subject, Wrote};
use trail_event::{Event, Field, Text};

/// What a policy is known by.
const POLICIES: &[Field] = &[Field::RequestPolicyArn, Field::RequestPolicyName];

const CHANGES: &[Class] = &[AccountChange];

pub(super) const TABLE: &[Attribute] = &[
    always(
        Row::derived(
            "policy.name",
            "requestParameters.policyName, else the end of the policy's ARN",
            |subject, line| match name(&subject.event) {
                Some(name) => part(name, line),
                None => Wrote::Nothing,
            },
        )
        .when(POLICIES),
    )
    .since(V1_8)
    .of(CHANGES),
    always(Row::text("policy.uid", Field::RequestPolicyArn)).since(V1_8).of(CHANGES),
    always(Row::derived("policies", "one: name and uid as in policy", policies).when(POLICIES))
        .since(V1_8)
        .of(CHANGES),
];

fn name<'a>(event: &Event<'a>) -> Option<Text<'a>> {
    let arn = || says(event, Field::RequestPolicyArn).and_then(name_in);
    says(event, Field::RequestPolicyName).or_else(arn)
}

fn policies(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    line.extend_from_slice(b"[{");
    for (key, value) in
        [("name", name(&subject.event)), ("uid", says(&subject.event, Field::RequestPolicyArn))]
    {
        let Some(value) = value else { continue };
        string(Text::new(key), line);
        line.push(b':');
        string(value, line);
        line.push(b',');
    }
    if line.last() == Some(&b'{') {
        line.truncate(start);
        return Wrote::Nothing;
    }
    end(line);
    line.push(b']');
    Wrote::Part
}

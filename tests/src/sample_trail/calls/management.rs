//! Management events: what is done with the account and what is in it.

use super::{Call, reads, writes};
use crate::sample_trail::identity::Caller;

const S3: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"EXAMPLEhostId0123456789=","bytesTransferredOut":$bytes}"#;
const BUCKET: &str =
    r#"[{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}]"#;
const KEY: &str = r#"[{"accountId":"$account","type":"AWS::KMS::Key","ARN":"arn:aws:kms:$region:$account:key/$kms_key"}]"#;
const ROLE: &str = r#"[{"accountId":"$account","type":"AWS::IAM::Role","ARN":"arn:aws:iam::$account:role$role_path$role"}]"#;
const CREDENTIALS: &str = r#"{"credentials":{"accessKeyId":"$issued_key","sessionToken":"EXAMPLEsessionToken0123456789==","expiration":"$expiration"},"assumedRoleUser":{"assumedRoleId":"$role_id:$session","arn":"arn:aws:sts::$account:assumed-role/$role/$session"}}"#;
const INSTANCES: &str = r#"{"instancesSet":{"items":[{"instanceId":"$instance"}]}}"#;
const EC2_DENIED: &str = "You are not authorized to perform this operation. Encoded authorization failure message: EXAMPLEencoded0123456789";

/// The calls that management events are drawn from.
pub(in crate::sample_trail) const MANAGEMENT: &[Call] = &[
    // Identity
    writes("sts", "AssumeRole", r#"{"roleArn":"arn:aws:iam::$account:role$role_path$role","roleSessionName":"$session","durationSeconds":3600}"#)
        .answers(CREDENTIALS)
        .on(ROLE)
        .version("2011-06-15")
        .often(6),
    writes("sts", "AssumeRole", r#"{"roleArn":"arn:aws:iam::$account:role$role_path$role","roleSessionName":"$session"}"#)
        .answers(CREDENTIALS)
        .on(ROLE)
        .by_service("autoscaling.amazonaws.com")
        .often(8),
    writes("sts", "AssumeRole", r#"{"roleArn":"arn:aws:iam::$account:role/vendor","externalId":"EXAMPLE-external-id","roleSessionName":"vendor"}"#)
        .answers(CREDENTIALS)
        .on(ROLE)
        .by(&[Caller::AwsAccount])
        .fails("AccessDenied", "User: arn:aws:sts::$other_account:assumed-role/$role/$session is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::$account:role/vendor")
        .often(2),
    writes("sts", "AssumeRoleWithSAML", r#"{"sAMLAssertionID":"_EXAMPLE-$guid","roleSessionName":"$user@example.com","durationSeconds":3600,"roleArn":"arn:aws:iam::$account:role/$role","principalArn":"arn:aws:iam::$account:saml-provider/corp"}"#)
        .answers(CREDENTIALS)
        .by(&[Caller::SamlUser])
        .often(2),
    writes("sts", "AssumeRoleWithWebIdentity", r#"{"roleArn":"arn:aws:iam::$account:role/ci-deploy","roleSessionName":"GitHubActions","durationSeconds":3600}"#)
        .answers(CREDENTIALS)
        .by(&[Caller::WebIdentityUser])
        .fails("ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time")
        .often(3),
    writes("sts", "GetSessionToken", r#"{"durationSeconds":43200,"serialNumber":"arn:aws:iam::$account:mfa/$user"}"#)
        .answers(r#"{"credentials":{"accessKeyId":"$issued_key","sessionToken":"EXAMPLEsessionToken0123456789==","expiration":"$expiration"}}"#)
        .by(&[Caller::IamUser]),
    reads("sts", "GetCallerIdentity", "null").often(4),
    reads("iam", "GetUser", r#"{"userName":"$user"}"#)
        .fails("NoSuchEntityException", "The user with name $user cannot be found.")
        .often(4),
    reads("iam", "GetRole", r#"{"roleName":"$role"}"#).often(3),
    reads("iam", "ListAttachedRolePolicies", r#"{"roleName":"$role"}"#).often(3),
    writes("iam", "CreateUser", r#"{"userName":"$user","tags":[{"key":"cost:center","value":"42"},{"key":"owner.name","value":"Zoë"}]}"#)
        .answers(r#"{"user":{"path":"/","userName":"$user","userId":"$user_id","arn":"arn:aws:iam::$account:user/$user","createDate":"Mar 2, 2026 10:46:28 PM"}}"#)
        .fails("EntityAlreadyExistsException", "User with name $user already exists."),
    writes("iam", "CreateAccessKey", r#"{"userName":"$user"}"#)
        .answers(r#"{"accessKey":{"userName":"$user","accessKeyId":"$user_key","status":"Active","createDate":"Mar 2, 2026 10:46:28 PM"}}"#)
        .by(&[Caller::Root, Caller::IamUser, Caller::AssumedRole]),
    writes("iam", "AttachRolePolicy", r#"{"roleName":"$role","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}"#)
        .fails("AccessDenied", "User: arn:aws:iam::$account:user/$user is not authorized to perform: iam:AttachRolePolicy on resource: role $role"),
    writes("iam", "PutRolePolicy", r#"{"roleName":"$role","policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\"],\"Resource\":\"arn:aws:s3:::$bucket/*\"}]}"}"#),
    writes("iam", "UpdateLoginProfile", r#"{"userName":"$user"}"#),
    reads("sso", "ListApplications", r#"{"instanceArn":"arn:aws:sso:::instance/ssoins-0123456789abcdef"}"#)
        .by(&[Caller::IdentityCenterUser]),
    reads("sso", "Authenticate", "null").by(&[Caller::IdentityCenterUser, Caller::Unknown]),
    reads("ds", "DescribeDirectories", r#"{"directoryIds":["d-1234567890"]}"#).by(&[Caller::Directory]),
    // Sign-in
    writes("signin", "ConsoleLogin", "null")
        .answers(r#"{"ConsoleLogin":"Success"}"#)
        .with(r#"{"LoginTo":"https://console.aws.amazon.com/console/home?state=hashArgs%23&isauthcode=true","MobileVersion":"No","MFAUsed":"Yes"}"#)
        .by(&[Caller::IamUser, Caller::Root, Caller::AssumedRole])
        .of_type("AwsConsoleSignIn")
        .often(2),
    writes("signin", "SwitchRole", "null")
        .answers(r#"{"SwitchRole":"Success"}"#)
        .with(r#"{"SwitchFrom":"arn:aws:iam::$account:user/$user","RedirectTo":"https://console.aws.amazon.com/"}"#)
        .of_type("AwsConsoleSignIn"),
    reads("health", "DescribeEventAggregates", r#"{"aggregateField":"eventTypeCategory","filter":{"eventStatusCodes":["open","upcoming"]}}"#)
        .often(2),
    reads("billingconsole", "AWSPaymentPortalService.Get", "null").of_type("AwsConsoleAction"),
    // Keys and secrets
    reads("kms", "Decrypt", r#"{"encryptionContext":{"aws:cloudtrail:arn":"arn:aws:cloudtrail:us-east-1:$account:trail/org-trail","aws:s3:arn":"arn:aws:s3:::$bucket/$object"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#)
        .on(KEY)
        .often(10),
    reads("kms", "GenerateDataKey", r#"{"keyId":"arn:aws:kms:$region:$account:key/$kms_key","keySpec":"AES_256","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket"}}"#)
        .on(KEY)
        .by_service("cloudtrail.amazonaws.com")
        .often(6),
    writes("kms", "CreateGrant", r#"{"keyId":"$kms_key","granteePrincipal":"autoscaling.$region.amazonaws.com","operations":["Decrypt","GenerateDataKeyWithoutPlaintext"],"constraints":{"encryptionContextSubset":{"aws:ebs:id":"$volume"}}}"#)
        .answers(r#"{"grantId":"$hex$hex"}"#)
        .on(KEY),
    writes("kms", "RotateKey", "null")
        .unasked("kms.amazonaws.com", r#"{"keyId":"$kms_key","rotationType":"AUTOMATIC"}"#)
        .on(KEY),
    reads("secretsmanager", "GetSecretValue", r#"{"secretId":"arn:aws:secretsmanager:$region:$account:secret:$secret-AbCdEf","versionStage":"AWSCURRENT"}"#)
        .fails("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        .often(4),
    writes("secretsmanager", "RotateSecret", r#"{"secretId":"$secret","rotationLambdaARN":"HIDDEN_DUE_TO_SECURITY_REASONS","clientRequestToken":"$guid"}"#)
        .answers(r#"{"arn":"arn:aws:secretsmanager:$region:$account:secret:$secret-AbCdEf","name":"$secret"}"#),
    writes("secretsmanager", "StartSecretVersionDelete", "null")
        .unasked("secretsmanager.amazonaws.com", r#"{"secretId":"arn:aws:secretsmanager:$region:$account:secret:$secret-AbCdEf","scheduledDeletionDate":"$time"}"#),
    reads("ssm", "GetParameter", r#"{"name":"$parameter","withDecryption":true}"#)
        .fails("ParameterNotFound", "Parameter $parameter not found.")
        .often(5),
    writes("ssm", "PutParameter", r#"{"name":"$parameter","type":"SecureString","value":"HIDDEN_DUE_TO_SECURITY_REASONS","keyId":"alias/aws/ssm","overwrite":true}"#)
        .answers(r#"{"tier":"Standard","version":$count}"#),
    writes("ssm", "UpdateInstanceInformation", r#"{"instanceId":"$instance","agentVersion":"3.3.1611.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","iPAddress":"192.0.2.44"}"#)
        .often(5),
    writes("ssm", "StartSession", r#"{"target":"$instance"}"#)
        .answers(r#"{"sessionId":"$session-0123456789abcdef","tokenValue":"Value hidden due to security reasons.","streamUrl":"wss://ssmmessages.$region.amazonaws.com/v1/data-channel/example"}"#),
    // Computing
    reads("ec2", "DescribeInstances", r#"{"maxResults":1000,"instancesSet":{},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"}]}}]}}"#)
        .fails("Client.RequestLimitExceeded", "Request limit exceeded.")
        .often(8),
    reads("ec2", "DescribeSecurityGroups", r#"{"securityGroupSet":{"items":[{"groupId":"$group"}]},"filterSet":{}}"#).often(4),
    reads("ec2", "DescribeVpcs", r#"{"vpcSet":{"items":[{"vpcId":"$vpc"}]},"filterSet":{}}"#).often(3),
    reads("ec2", "GetPasswordData", r#"{"instanceId":"$instance"}"#)
        .fails("Client.UnauthorizedOperation", EC2_DENIED),
    writes("ec2", "RunInstances", r#"{"instancesSet":{"items":[{"imageId":"$image","minCount":1,"maxCount":1}]},"instanceType":"m7g.large","iamInstanceProfile":{"name":"$role"},"blockDeviceMapping":{},"monitoring":{"enabled":false},"subnetId":"$subnet","clientToken":"$guid"}"#)
        .answers(r#"{"requestId":"$guid","reservationId":"r-0123456789abcdef0","ownerId":"$account","groupSet":{},"instancesSet":{"items":[{"instanceId":"$instance","imageId":"$image","instanceState":{"code":0,"name":"pending"},"privateDnsName":"ip-192-0-2-44.$region.compute.internal","launchTime":1772488800000,"placement":{"availabilityZone":"$zone","tenancy":"default"},"vpcId":"$vpc","subnetId":"$subnet","cpuOptions":{"coreCount":2,"threadsPerCore":1}}]}}"#)
        .fails("Client.UnauthorizedOperation", EC2_DENIED),
    writes("ec2", "StopInstances", r#"{"instancesSet":{"items":[{"instanceId":"$instance"}]},"force":false}"#)
        .answers(r#"{"requestId":"$guid","instancesSet":{"items":[{"instanceId":"$instance","currentState":{"code":64,"name":"stopping"},"previousState":{"code":16,"name":"running"}}]}}"#),
    writes("ec2", "TerminateInstances", INSTANCES)
        .answers(r#"{"requestId":"$guid","instancesSet":{"items":[{"instanceId":"$instance","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}"#)
        .fails("Client.OperationNotPermitted", "The instance '$instance' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again."),
    writes("ec2", "AuthorizeSecurityGroupIngress", r#"{"groupId":"$group","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"198.51.100.0/24","description":"büro"}]},"ipv6Ranges":{"items":[{"cidrIpv6":"2001:db8::/32"}]},"prefixListIds":{}}]}}"#)
        .answers(r#"{"requestId":"$guid","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"$account","groupId":"$group","securityGroupRuleId":"$security_rule","isEgress":false,"ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIpv4":"198.51.100.0/24"}]}}"#),
    writes("ec2", "CreateSnapshot", r#"{"volumeId":"$volume","description":"nightly"}"#)
        .answers(r#"{"requestId":"$guid","snapshotId":"$snapshot","volumeId":"$volume","status":"pending","startTime":1772488800000,"progress":"","ownerId":"$account","volumeSize":"100","encrypted":true}"#),
    writes("ec2", "ModifySnapshotAttribute", r#"{"snapshotId":"$snapshot","createVolumePermission":{"add":{"items":[{"userId":"$other_account"}]}},"attributeType":"CREATE_VOLUME_PERMISSION"}"#)
        .answers(r#"{"requestId":"$guid","_return":true}"#),
    writes("ec2", "SharedSnapshotVolumeCreated", "null")
        .unasked("ec2.amazonaws.com", r#"{"snapshotId":"$snapshot","volumeId":"$volume"}"#),
    writes("autoscaling", "SetDesiredCapacity", r#"{"autoScalingGroupName":"workers","desiredCapacity":$count,"honorCooldown":false}"#),
    reads("autoscaling", "DescribeAutoScalingGroups", r#"{"maxRecords":100}"#).often(3),
    writes("lambda", "CreateFunction20150331", r#"{"functionName":"$function","runtime":"provided.al2023","role":"arn:aws:iam::$account:role/$role","handler":"bootstrap","code":{},"timeout":30,"memorySize":512,"environment":{},"publish":false}"#)
        .answers(r#"{"functionName":"$function","functionArn":"arn:aws:lambda:$region:$account:function:$function","runtime":"provided.al2023","role":"arn:aws:iam::$account:role/$role","codeSize":$bytes,"timeout":30,"memorySize":512,"lastModified":"2026-03-02T22:46:28.000+0000","version":"$LATEST","state":"Pending"}"#)
        .version("2015-03-31"),
    reads("lambda", "ListFunctions20150331", r#"{"masterRegion":"ALL","functionVersion":"ALL","maxItems":50}"#)
        .version("2015-03-31")
        .often(3),
    reads("ecs", "DescribeTasks", r#"{"cluster":"arn:aws:ecs:$region:$account:cluster/prod","tasks":["arn:aws:ecs:$region:$account:task/prod/$shared_guid"]}"#)
        .often(2),
    reads("eks", "DescribeCluster", r#"{"name":"prod"}"#)
        .fails("ResourceNotFoundException", "No cluster found for name: prod."),
    // Storage and databases
    reads("s3", "GetBucketAcl", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","acl":""}"#)
        .on(BUCKET)
        .with(S3)
        .by_service("cloudtrail.amazonaws.com")
        .often(10),
    reads("s3", "ListBuckets", r#"{"Host":"s3.$region.amazonaws.com"}"#).with(S3).often(3),
    reads("s3", "GetBucketPolicy", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","policy":""}"#)
        .on(BUCKET)
        .with(S3)
        .fails("NoSuchBucketPolicy", "The bucket policy does not exist")
        .often(2),
    writes("s3", "PutBucketPolicy", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","policy":"","bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"DenyInsecure","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::$bucket","arn:aws:s3:::$bucket/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}}"#)
        .on(BUCKET)
        .with(S3),
    writes("s3", "CreateBucket", r#"{"bucketName":"$bucket","CreateBucketConfiguration":{"LocationConstraint":"$region","xmlns":"http://s3.amazonaws.com/doc/2006-03-01/"},"Host":"$bucket.s3.$region.amazonaws.com"}"#)
        .on(BUCKET)
        .with(S3)
        .fails("BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again."),
    reads("rds", "DescribeDBInstances", r#"{"dBInstanceIdentifier":"orders"}"#)
        .fails("DBInstanceNotFoundFault", "DBInstance orders not found.")
        .often(3),
    writes("rds", "CreateDBSnapshot", r#"{"dBInstanceIdentifier":"orders","dBSnapshotIdentifier":"orders-nightly"}"#)
        .answers(r#"{"dBSnapshotIdentifier":"orders-nightly","dBInstanceIdentifier":"orders","engine":"postgres","allocatedStorage":100,"status":"creating","port":5432,"availabilityZone":"$zone","vpcId":"$vpc","masterUsername":"postgres","encrypted":true,"kmsKeyId":"arn:aws:kms:$region:$account:key/$kms_key"}"#),
    reads("dynamodb", "DescribeTable", r#"{"tableName":"$table"}"#)
        .on(r#"[{"accountId":"$account","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:$region:$account:table/$table"}]"#)
        .version("2012-08-10")
        .often(3),
    // Watching and naming
    reads("cloudtrail", "LookupEvents", r#"{"lookupAttributes":[{"attributeKey":"EventName","attributeValue":"ConsoleLogin"}],"maxResults":50}"#)
        .fails("ThrottlingException", "Rate exceeded")
        .often(2),
    writes("cloudtrail", "StopLogging", r#"{"name":"arn:aws:cloudtrail:$region:$account:trail/org-trail"}"#)
        .fails("InsufficientDependencyServiceAccessPermissionException", "This operation is not permitted on an organization trail from a member account."),
    reads("monitoring", "DescribeAlarms", r#"{"stateValue":"ALARM","maxRecords":100}"#).often(3),
    writes("monitoring", "PutMetricAlarm", r#"{"alarmName":"5xx","metricName":"HTTPCode_Target_5XX_Count","namespace":"AWS/ApplicationELB","threshold":1.0,"period":60,"evaluationPeriods":5,"comparisonOperator":"GreaterThanThreshold","dimensions":[{"name":"LoadBalancer","value":"app/orders/0123456789abcdef"}]}"#),
    writes("logs", "CreateLogStream", r#"{"logGroupName":"/aws/lambda/$function","logStreamName":"2026/03/02/[$LATEST]$hex"}"#)
        .fails("ResourceAlreadyExistsException", "The specified log stream already exists")
        .often(4),
    writes("route53", "ChangeResourceRecordSets", r#"{"hostedZoneId":"Z0123456789EXAMPLE","changeBatch":{"changes":[{"action":"UPSERT","resourceRecordSet":{"name":"www.example.com.","type":"A","tTL":300,"resourceRecords":[{"value":"192.0.2.44"}]}}]}}"#)
        .answers(r#"{"changeInfo":{"id":"/change/C0123456789EXAMPLE","status":"PENDING","submittedAt":"Mar 2, 2026 10:46:28 PM"}}"#),
    writes("cloudfront", "CreateInvalidation", r#"{"distributionId":"EDFDVBD6EXAMPLE","invalidationBatch":{"paths":{"quantity":1,"items":["/*"]},"callerReference":"cli-1772488800"}}"#)
        .answers(r#"{"location":"https://cloudfront.amazonaws.com/2020-05-31/distribution/EDFDVBD6EXAMPLE/invalidation/I0EXAMPLE","invalidation":{"id":"I0EXAMPLE","status":"InProgress","createTime":"Mar 2, 2026 10:46:28 PM"}}"#)
        .version("2020_05_31"),
    reads("organizations", "DescribeOrganization", "null").often(2),
    reads("organizations", "ListAccounts", r#"{"maxResults":20}"#),
    writes("organizations", "CreateAccountResult", "null")
        .unasked("organizations.amazonaws.com", r#"{"createAccountStatus":{"id":"car-0123456789abcdef0123456789abcdef","state":"SUCCEEDED","accountName":"****","accountId":"$other_account","organizationId":"$organization","requestedTimestamp":"Mar 2, 2026 10:40:00 PM","completedTimestamp":"Mar 2, 2026 10:46:28 PM"}}"#)
        .often(2),
    writes("config", "PutEvaluations", r#"{"evaluations":[{"complianceResourceType":"AWS::S3::Bucket","complianceResourceId":"$bucket","complianceType":"NON_COMPLIANT","orderingTimestamp":"Mar 2, 2026, 10:46:28 PM"}],"testMode":false}"#)
        .answers(r#"{"failedEvaluations":[]}"#)
        .often(2),
    writes("cloudformation", "CreateStack", r#"{"stackName":"orders","capabilities":["CAPABILITY_IAM"],"parameters":[{"parameterKey":"DbPassword","parameterValue":"****"}],"templateURL":"https://amzn-s3-demo-bucket.s3.amazonaws.com/orders.yaml"}"#)
        .answers(r#"{"stackId":"arn:aws:cloudformation:$region:$account:stack/orders/$guid"}"#)
        .fails("AlreadyExistsException", "Stack [orders] already exists"),
    writes("tagging", "TagResources", r#"{"resourceARNList":["arn:aws:s3:::$bucket"],"tags":{"aws:created by":"$user","x-amz-meta":"1","2026":"year","名前":"テスト"}}"#)
        .answers(r#"{"failedResourcesMap":{}}"#),
];

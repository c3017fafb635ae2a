#!/bin/sh
# Makes a LocalStack look like an account with a trail: the bucket, the stack that deploy/ gives to users, the bucket's
# notification, and the sample trail in it. May be run again. Needs `aws`, and AWS_ENDPOINT_URL to say which LocalStack.
set -eu

: "${AWS_ENDPOINT_URL:?say where LocalStack is, as http://127.0.0.1:4566}"
bucket=${BUCKET:-trail}
stack=${STACK:-trail}
# In the LocalStack image `aws` is in the environment that LocalStack itself runs in.
PATH=$PATH:/opt/code/localstack/.venv/bin
root=$(cd "$(dirname "$0")/../.." && pwd)

describe() {
    aws cloudformation describe-stacks --stack-name "$stack" --output text --query "$1"
}

aws s3api create-bucket --bucket "$bucket" >/dev/null

# Not `deploy`: its waiter looks every 30 seconds, and LocalStack cannot update a stack that uses a mapping.
if ! describe 'Stacks[0].StackStatus' >/dev/null 2>&1; then
    aws cloudformation create-stack \
        --stack-name "$stack" \
        --template-body "file://$root/deploy/cloudformation/queue.yaml" \
        --capabilities CAPABILITY_IAM \
        --parameters "ParameterKey=BucketName,ParameterValue=$bucket" >/dev/null
fi
while status=$(describe 'Stacks[0].StackStatus') && [ "$status" = CREATE_IN_PROGRESS ]; do
    sleep 1
done
if [ "$status" != CREATE_COMPLETE ]; then
    aws cloudformation describe-stack-events --stack-name "$stack" >&2
    exit 1
fi
queue=$(describe "Stacks[0].Outputs[?OutputKey=='QueueArn'].OutputValue")

# The bucket is new, so there is nothing to merge with; deploy/README.md shows how to where there is.
aws s3api put-bucket-notification-configuration --bucket "$bucket" --notification-configuration "{
    \"QueueConfigurations\": [{\"Id\": \"traild\", \"QueueArn\": \"$queue\", \"Events\": [\"s3:ObjectCreated:*\"]}]
}"

# The folder's layout is that of the keys. After the notification: S3 tells nothing of what was there before.
aws s3 cp --recursive --only-show-errors "$root/tests/sample-trail/AWSLogs" "s3://$bucket/AWSLogs"

echo "ready: s3://$bucket tells $queue"

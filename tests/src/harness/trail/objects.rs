//! What is put into the bucket.

use super::Trail;
use anyhow::Context as _;
use tokio::task::JoinSet;

impl Trail {
    /// Puts one object.
    ///
    /// # Errors
    /// When the server does not take it.
    pub async fn put(&self, key: &str, bytes: impl Into<Vec<u8>>) -> anyhow::Result<()> {
        put(self.s3.clone(), self.bucket.clone(), key.to_owned(), bytes.into()).await
    }

    /// Puts many objects, so many at a time.
    ///
    /// # Errors
    /// At the first that the server does not take.
    pub async fn put_all(
        &self,
        objects: impl IntoIterator<Item = (String, Vec<u8>)>,
        at_a_time: usize,
    ) -> anyhow::Result<()> {
        self.put_each(objects, at_a_time, || {}).await
    }

    /// As [`Trail::put_all`], and tells of each that is there.
    ///
    /// # Errors
    /// As [`Trail::put_all`].
    pub async fn put_each(
        &self,
        objects: impl IntoIterator<Item = (String, Vec<u8>)>,
        at_a_time: usize,
        mut is_there: impl FnMut(),
    ) -> anyhow::Result<()> {
        let mut under_way = JoinSet::new();
        for (key, bytes) in objects {
            if under_way.len() >= at_a_time.max(1)
                && let Some(put) = under_way.join_next().await
            {
                put??;
                is_there();
            }
            under_way.spawn(put(self.s3.clone(), self.bucket.clone(), key, bytes));
        }
        while let Some(put) = under_way.join_next().await {
            put??;
            is_there();
        }
        Ok(())
    }
}

async fn put(
    s3: aws_sdk_s3::Client,
    bucket: String,
    key: String,
    bytes: Vec<u8>,
) -> anyhow::Result<()> {
    let put = s3.put_object().bucket(&bucket).key(&key).body(bytes.into()).send().await;
    put.with_context(|| format!("could not put s3://{bucket}/{key}"))?;
    Ok(())
}

use super::*;
use crate::memory::{MemoryQueue, MemoryStore};

struct Fake(Arc<MemoryQueue>);

#[async_trait::async_trait]
impl QueueSubject for Fake {
    fn queue(&self) -> Arc<dyn Queue> {
        Arc::clone(&self.0) as Arc<dyn Queue>
    }

    async fn send(&self, body: &str) {
        self.0.send(body);
    }

    async fn dead_letters(&self) -> Vec<(String, Option<String>)> {
        let dead = self.0.dead_letters().into_iter();
        dead.map(|dead| (dead.body, dead.reason.map(|why| why.reason.to_owned()))).collect()
    }
}

struct FakeStore(Arc<MemoryStore>);

#[async_trait::async_trait]
impl StoreSubject for FakeStore {
    fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.0) as Arc<dyn Store>
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> ObjectRef {
        self.0.put("b", key, bytes.to_vec())
    }
}

/// The same, of a store that keeps no versions.
struct Unversioned(FakeStore);

#[async_trait::async_trait]
impl StoreSubject for Unversioned {
    fn store(&self) -> Arc<dyn Store> {
        self.0.store()
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> ObjectRef {
        let object = self.0.put(key, bytes).await;
        ObjectRef { version_id: None, ..object }
    }
}

#[tokio::test(start_paused = true)]
async fn queue_in_memory_keeps_the_contract() {
    run_queue(async || Fake(Arc::new(MemoryQueue::new()))).await;
}

#[tokio::test]
async fn store_in_memory_keeps_the_contract() {
    run_store(&FakeStore(Arc::default())).await;
    run_store(&Unversioned(FakeStore(Arc::default()))).await;
}

//! An object that makes room for its successor, before that exists.

use crate::applying::applier::Applier;
use states::DeposedKey;

impl Applier<'_> {
    /// Makes room for a new object: the old one becomes a former object.
    pub(super) async fn set_aside(&self, index: u32) -> Option<DeposedKey> {
        let change = self.change(index);
        let object = self
            .state
            .borrow()
            .instance(&change.addr)
            .and_then(|i| i.current.clone())?;
        let key = self.fresh_key(&change.addr);
        self.save(
            change,
            None,
            vec![(Some(key.clone()), Some(object)), (None, None)],
            None,
        )
        .await;
        self.aside.borrow_mut().insert(index, key.clone());
        Some(key)
    }

    /// The new object was not made: the old one is the current one again.
    pub(super) async fn put_back(&self, index: u32, key: &DeposedKey) {
        let change = self.change(index);
        let object = self
            .state
            .borrow()
            .instance(&change.addr)
            .and_then(|i| i.deposed.get(key).cloned());
        if let Some(object) = object {
            self.save(
                change,
                None,
                vec![(None, Some(object)), (Some(key.clone()), None)],
                None,
            )
            .await;
            self.aside.borrow_mut().remove(&index);
        }
    }

    fn fresh_key(&self, addr: &addrs::AbsResourceInstance) -> DeposedKey {
        loop {
            let key = DeposedKey(uuid::Uuid::new_v4().simple().to_string()[..8].into());
            let taken = self
                .state
                .borrow()
                .instance(addr)
                .is_some_and(|i| i.deposed.contains_key(&key));
            if !taken {
                return key;
            }
        }
    }
}

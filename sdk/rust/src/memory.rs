//! Where a guest's memory comes from: a block of the module's own, handed out from front to back.
//!
//! An instance lives for one call, so what isn't given back is no loss, and nothing has to be found again. Most calls need
//! no more than the block: then the instance's memory isn't grown, which costs more than all the rest of a small call.
//! What doesn't fit comes from the standard allocator, so that a plugin with much to do runs as it always did.

#![allow(unsafe_code, reason = "an allocator is unsafe by its trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How much a call may take without growing its memory. Pages that aren't touched cost nothing.
#[cfg(target_family = "wasm")]
const FIRST_BYTES: usize = 64 << 10;

#[cfg(target_family = "wasm")]
static BLOCK: [AtomicU64; FIRST_BYTES / size_of::<AtomicU64>()] =
    [const { AtomicU64::new(0) }; FIRST_BYTES / size_of::<AtomicU64>()];

#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: FrontToBack = FrontToBack::of(&BLOCK);

/// Hands out a block from its front to its back.
struct FrontToBack {
    /// Atomics may be written through a shared reference; they are never used as numbers.
    block: &'static [AtomicU64],
    /// The first free byte of the block. A guest has one thread, so that no two requests meet.
    next: AtomicUsize,
}

impl FrontToBack {
    const fn of(block: &'static [AtomicU64]) -> Self {
        Self {
            block,
            next: AtomicUsize::new(0),
        }
    }

    fn start(&self) -> *mut u8 {
        self.block.as_ptr().cast::<u8>().cast_mut()
    }

    /// Where in the block a piece lies; none where it is the standard allocator's.
    fn place(&self, piece: *mut u8) -> Option<usize> {
        let place = piece.addr().wrapping_sub(self.start().addr());
        (place < size_of_val(self.block)).then_some(place)
    }

    /// The first free place that is so aligned.
    fn free(&self, align: usize) -> Option<usize> {
        let start = self.start().addr();
        let free = start + self.next.load(Ordering::Relaxed);
        let aligned = free.checked_add(align - 1)? & !(align - 1);
        Some(aligned - start)
    }

    /// Whether so many bytes are left at a place; they are taken then.
    fn take(&self, place: usize, bytes: usize) -> bool {
        match place.checked_add(bytes) {
            Some(end) if end <= size_of_val(self.block) => {
                self.next.store(end, Ordering::Relaxed);
                true
            }
            _ => false,
        }
    }

    fn is_last(&self, place: usize, layout: Layout) -> bool {
        place + layout.size() == self.next.load(Ordering::Relaxed)
    }
}

// SAFETY: a piece lies inside the block, behind every piece that is in use, aligned as asked; or it is the standard
// allocator's own and goes back to it. Nobody else uses the block.
unsafe impl GlobalAlloc for FrontToBack {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.free(layout.align()) {
            // SAFETY: the place lies inside the block.
            Some(place) if self.take(place, layout.size()) => unsafe { self.start().add(place) },
            // SAFETY: the caller's promise is passed on.
            _ => unsafe { System.alloc(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        match self.place(piece) {
            Some(place) if self.is_last(place, layout) => self.next.store(place, Ordering::Relaxed),
            Some(_) => {}
            // SAFETY: it isn't from the block, so it is the standard allocator's.
            None => unsafe { System.dealloc(piece, layout) },
        }
    }

    #[inline]
    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let Some(place) = self.place(piece) else {
            // SAFETY: it isn't from the block, so it is the standard allocator's.
            return unsafe { System.realloc(piece, layout, bytes) };
        };
        let stays = if self.is_last(place, layout) {
            self.take(place, bytes)
        } else {
            bytes <= layout.size()
        };
        if stays {
            return piece;
        }
        // SAFETY: the caller promises that the new size fits the alignment; both pieces hold the bytes that are copied.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(piece, moved, layout.size().min(bytes));
            }
            moved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An allocator with a block of 256 bytes of its own.
    fn small() -> FrontToBack {
        let block = (0..32).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        FrontToBack::of(Box::leak(block.into_boxed_slice()))
    }

    fn layout(bytes: usize, align: usize) -> Layout {
        Layout::from_size_align(bytes, align).unwrap()
    }

    #[test]
    fn pieces_lie_one_behind_the_other_aligned_as_asked() {
        let memory = small();
        let (one, two) = unsafe { (memory.alloc(layout(3, 1)), memory.alloc(layout(8, 8))) };
        assert_eq!((memory.place(one), memory.place(two)), (Some(0), Some(8)));
        let aligned = unsafe { memory.alloc(layout(1, 64)) };
        assert!(memory.place(aligned).is_some() && aligned.addr().is_multiple_of(64));
    }

    #[test]
    fn the_last_piece_grows_and_shrinks_where_it_is() {
        let memory = small();
        unsafe {
            let piece = memory.alloc(layout(8, 8));
            assert_eq!(memory.realloc(piece, layout(8, 8), 64), piece);
            assert_eq!(memory.realloc(piece, layout(64, 8), 16), piece);
            assert_eq!(memory.place(memory.alloc(layout(1, 1))), Some(16));
        }
    }

    #[test]
    fn a_piece_that_is_given_back_last_is_handed_out_again() {
        let memory = small();
        unsafe {
            let first = memory.alloc(layout(8, 8));
            let second = memory.alloc(layout(8, 8));
            memory.dealloc(second, layout(8, 8));
            assert_eq!(memory.alloc(layout(8, 8)), second);
            memory.dealloc(first, layout(8, 8));
            assert_eq!(memory.place(memory.alloc(layout(8, 8))), Some(16));
        }
    }

    #[test]
    fn a_piece_that_cannot_grow_in_its_place_moves_with_its_bytes() {
        let memory = small();
        unsafe {
            let piece = memory.alloc(layout(4, 4));
            piece.copy_from([1, 2, 3, 4].as_ptr(), 4);
            memory.alloc(layout(4, 4));
            let moved = memory.realloc(piece, layout(4, 4), 16);
            assert_eq!(memory.place(moved), Some(8));
            assert_eq!(std::slice::from_raw_parts(moved, 4), [1, 2, 3, 4]);
        }
    }

    #[test]
    fn what_does_not_fit_is_the_standard_allocators() {
        let memory = small();
        unsafe {
            let large = memory.alloc(layout(257, 1));
            assert_eq!(memory.place(large), None);
            let whole = memory.alloc(layout(256, 1));
            assert_eq!(memory.place(whole), Some(0));
            let moved = memory.realloc(whole, layout(256, 1), 300);
            assert_eq!(memory.place(moved), None);
            memory.dealloc(moved, layout(300, 1));
            memory.dealloc(large, layout(257, 1));
        }
    }
}

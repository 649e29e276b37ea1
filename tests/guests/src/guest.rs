//! Guests written by hand: a core module in text, made into a component of the real contract.

use std::fmt::Write as _;

use crate::contract::{CAPABILITIES, current, encode};
use crate::manifest::{named, with_manifest};

/// Where a guest leaves its answer.
pub const ANSWER: u32 = 256;

/// Where the texts of an answer stand.
const TEXTS: u32 = 4_096;

/// Where a capability leaves its answer.
pub const REPLY: u32 = 1_024;

/// The first byte that the guest's own allocator hands out.
const HEAP: u32 = 1 << 20;

/// A guest in the making.
#[derive(Debug)]
pub struct Guest {
    hook: &'static str,
    imports: String,
    items: String,
    body: String,
    answer: Vec<u8>,
    texts: Vec<u8>,
    pages: u32,
    manifest: Option<String>,
}

impl Guest {
    /// A guest of one hook that gives the answer that is left at [`ANSWER`]: at first, all zeros.
    #[must_use]
    pub fn of(hook: &'static str) -> Self {
        Self {
            hook,
            imports: String::new(),
            items: String::new(),
            body: format!("(i32.const {ANSWER})"),
            answer: vec![0; 128],
            texts: Vec::new(),
            pages: 64,
            manifest: Some(named("by-hand", hook, &CAPABILITIES, "")),
        }
    }

    /// What it does instead: instructions that leave the answer's address.
    #[must_use]
    pub fn does(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// What it does before it gives its answer.
    #[must_use]
    pub fn first(self, body: &str) -> Self {
        self.does(&format!("{body} (i32.const {ANSWER})"))
    }

    /// More functions, globals, or a start function.
    #[must_use]
    pub fn with(mut self, items: &str) -> Self {
        self.items.push_str(items);
        self
    }

    /// Imports `fengqiao:<capability>/<capability>.<function>` as `$<function>`.
    #[must_use]
    pub fn imports(mut self, capability: &str, function: &str, params: &str) -> Self {
        let (imports, id) = (&mut self.imports, function.replace('-', "_"));
        writeln!(
            imports,
            "(import \"fengqiao:{capability}/{capability}@0.1.0\" \"{function}\" (func ${id} (param {params})))"
        )
        .unwrap();
        self
    }

    /// Its memory in pages of 64 KiB.
    #[must_use]
    pub fn pages(mut self, pages: u32) -> Self {
        self.pages = pages;
        self
    }

    /// Its name; otherwise `by-hand`.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        let manifest = named(name, self.hook, &CAPABILITIES, "");
        self.says(Some(&manifest))
    }

    /// Its manifest.
    #[must_use]
    pub fn says(mut self, manifest: Option<&str>) -> Self {
        self.manifest = manifest.map(str::to_owned);
        self
    }

    /// A byte of the answer.
    #[must_use]
    pub fn byte(mut self, at: usize, value: u8) -> Self {
        self.answer[at] = value;
        self
    }

    /// A number of the answer.
    #[must_use]
    pub fn number(mut self, at: usize, value: u32) -> Self {
        self.answer[at..at + 4].copy_from_slice(&value.to_le_bytes());
        self
    }

    /// A text of the answer.
    #[must_use]
    pub fn text(mut self, at: usize, text: &str) -> Self {
        let (start, length) = self.put(text.as_bytes());
        self.number(at, start).number(at + 4, length)
    }

    /// Bytes that stand somewhere in memory: where, and how many.
    pub fn put(&mut self, bytes: &[u8]) -> (u32, u32) {
        while !self.texts.len().is_multiple_of(4) {
            self.texts.push(0);
        }
        let start = TEXTS + u32::try_from(self.texts.len()).unwrap();
        self.texts.extend_from_slice(bytes);
        (start, u32::try_from(bytes.len()).unwrap())
    }

    /// The finished component.
    #[must_use]
    pub fn component(self) -> Vec<u8> {
        let hook = self.hook;
        let params = match hook {
            "profile" => "i32 i32",
            "intake" => "i32 i32 i32 i32 i32 i32",
            _ => "i32",
        };
        let wat = format!(
            r#"(module
                {imports}
                (memory (export "memory") {pages})
                (data (i32.const {ANSWER}) "{answer}")
                (data (i32.const {TEXTS}) "{texts}")
                (global $next (mut i32) (i32.const {HEAP}))
                (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
                    (global.set $next (i32.and
                        (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
                        (i32.sub (i32.const 0) (local.get $align))))
                    (global.get $next)
                    (global.set $next (i32.add (global.get $next) (local.get $new))))
                {items}
                (func (export "fengqiao:{hook}/{hook}@0.1.0#{hook}") (param {params}) (result i32)
                    (local $i i32) (local $p i32)
                    {body})
            )"#,
            imports = self.imports,
            pages = self.pages,
            answer = escaped(&self.answer),
            texts = escaped(&self.texts),
            items = self.items,
            body = self.body,
        );
        let component = encode(&current(), hook, wat::parse_str(wat).unwrap());
        match self.manifest {
            Some(manifest) => with_manifest(component, &manifest),
            None => component,
        }
    }
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\{byte:02x}").unwrap();
        text
    })
}

//! Guests written by hand: a core module in text, made into a component of the real contract.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

/// Where a guest leaves its answer.
pub(crate) const ANSWER: u32 = 256;

/// Where the texts of an answer stand.
const TEXTS: u32 = 4_096;

/// Where a capability leaves its answer.
pub(crate) const REPLY: u32 = 1_024;

/// The first byte that the guest's own allocator hands out.
const HEAP: u32 = 1 << 20;

/// The folders of the contract that every hook needs.
pub(crate) const SHARED: [&str; 5] = ["types", "log", "directory", "catalogue", "calendar"];

/// A guest in the making.
pub(crate) struct Guest {
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
    pub(crate) fn of(hook: &'static str) -> Self {
        Self {
            hook,
            imports: String::new(),
            items: String::new(),
            body: format!("(i32.const {ANSWER})"),
            answer: vec![0; 128],
            texts: Vec::new(),
            pages: 64,
            manifest: Some(manifest(
                hook,
                &["log", "directory", "catalogue", "calendar"],
                "",
            )),
        }
    }

    /// What it does instead: instructions that leave the answer's address.
    pub(crate) fn does(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// What it does before it gives its answer.
    pub(crate) fn first(self, body: &str) -> Self {
        self.does(&format!("{body} (i32.const {ANSWER})"))
    }

    /// More functions, globals, or a start function.
    pub(crate) fn with(mut self, items: &str) -> Self {
        self.items.push_str(items);
        self
    }

    /// Imports `fengqiao:<capability>/<capability>.<function>` as `$<function>`.
    pub(crate) fn imports(mut self, capability: &str, function: &str, params: &str) -> Self {
        let (imports, id) = (&mut self.imports, function.replace('-', "_"));
        writeln!(
            imports,
            "(import \"fengqiao:{capability}/{capability}@0.1.0\" \"{function}\" (func ${id} (param {params})))"
        )
        .unwrap();
        self
    }

    /// Its memory in pages of 64 KiB.
    pub(crate) fn pages(mut self, pages: u32) -> Self {
        self.pages = pages;
        self
    }

    /// Its manifest.
    pub(crate) fn says(mut self, manifest: Option<&str>) -> Self {
        self.manifest = manifest.map(str::to_owned);
        self
    }

    /// A byte of the answer.
    pub(crate) fn byte(mut self, at: usize, value: u8) -> Self {
        self.answer[at] = value;
        self
    }

    /// A number of the answer.
    pub(crate) fn number(mut self, at: usize, value: u32) -> Self {
        self.answer[at..at + 4].copy_from_slice(&value.to_le_bytes());
        self
    }

    /// A text of the answer.
    pub(crate) fn text(mut self, at: usize, text: &str) -> Self {
        let (start, length) = self.put(text.as_bytes());
        self.number(at, start).number(at + 4, length)
    }

    /// Bytes that stand somewhere in memory: where, and how many.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> (u32, u32) {
        while !self.texts.len().is_multiple_of(4) {
            self.texts.push(0);
        }
        let start = TEXTS + u32::try_from(self.texts.len()).unwrap();
        self.texts.extend_from_slice(bytes);
        (start, u32::try_from(bytes.len()).unwrap())
    }

    /// The finished component.
    pub(crate) fn component(self) -> Vec<u8> {
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
        let component = encode(&contract(), hook, &wat::parse_str(wat).unwrap());
        match self.manifest {
            Some(manifest) => with_manifest(component, &manifest),
            None => component,
        }
    }
}

/// A guard that permits.
pub(crate) fn permit() -> Guest {
    Guest::of("guard")
}

/// A guard that refuses with these words.
pub(crate) fn refuse(code: &str, text: &str) -> Guest {
    Guest::of("guard").byte(4, 1).text(8, code).text(16, text)
}

/// A react with one proposal on a case.
pub(crate) fn propose(case: &str, code: &str, document: &str) -> Guest {
    let mut guest = Guest::of("react");
    let mut proposal = vec![0; 4];
    for text in [case, code, document] {
        let (start, length) = guest.put(text.as_bytes());
        proposal.extend(start.to_le_bytes());
        proposal.extend(length.to_le_bytes());
    }
    let (list, _) = guest.put(&proposal);
    guest.number(4, list).number(8, 1)
}

/// A manifest of one hook.
pub(crate) fn manifest(hook: &str, capabilities: &[&str], more: &str) -> String {
    format!(
        r#"{{"name":"by-hand","version":"1.0.0","title":"手写的插件","licence":"Apache-2.0",
            "hooks":["{hook}"],"capabilities":{capabilities:?}{more}}}"#
    )
}

/// The folder of the contract as it stands today.
pub(crate) fn contract() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}

/// The world of a hook.
pub(crate) fn world(folder: &Path, hook: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    for package in SHARED {
        resolve.push_dir(folder.join(package)).unwrap();
    }
    let (package, _) = resolve.push_dir(folder.join(hook)).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    (resolve, world)
}

/// A core module as a component of this hook's world.
pub(crate) fn encode(folder: &Path, hook: &str, module: &[u8]) -> Vec<u8> {
    let (resolve, world) = world(folder, hook);
    let mut module = module.to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default()
        .module(&module)
        .unwrap()
        .validate(true)
        .encode()
        .unwrap()
}

/// The component with its manifest as the last top-level section.
pub(crate) fn with_manifest(mut component: Vec<u8>, manifest: &str) -> Vec<u8> {
    const NAME: &[u8] = b"fengqiao:manifest";
    let mut content = vec![u8::try_from(NAME.len()).unwrap()];
    content.extend(NAME);
    content.extend(manifest.as_bytes());
    component.push(0);
    let mut length = content.len();
    while length >= 0x80 {
        component.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    component.push(u8::try_from(length).unwrap());
    component.extend(content);
    component
}

/// A component of the `profile` hook in text, for what the encoder doesn't make: several memories, tables, instances, handles.
///
/// `core` is what stands before the module that answers; `body` runs in it before the answer, an empty profile.
pub(crate) fn by_hand(core: &str, imports: &str, with: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
            (import "fengqiao:types/values@0.1.0" (instance $values
                (type $coded-type (record (field "code" string) (field "document" string)))
                (export "coded" (type $coded (eq $coded-type)))
                (type $error-type (variant
                    (case "bad-config" string) (case "bad-input" string) (case "cannot-answer" string)
                    (case "denied" string) (case "other" $coded)))
                (export "plugin-error" (type (eq $error-type)))))
            (alias export $values "plugin-error" (type $error))
            {core}
            (core module $answers
                {imports}
                (memory (export "memory") 1)
                (data (i32.const {ANSWER}) "\00\00\00\00\00\04\00\00\02\00\00\00")
                (data (i32.const 1024) "{{}}")
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048))
                (func (export "profile") (param i32 i32) (result i32) {body} (i32.const {ANSWER})))
            (core instance $guest (instantiate $answers {with}))
            (func $profile (param "config" string) (result (result string (error $error)))
                (canon lift (core func $guest "profile") (memory (core memory $guest "memory")) (realloc (core func $guest "realloc"))))
            (instance $hook (export "profile" (func $profile)))
            (export "fengqiao:profile/profile@0.1.0" (instance $hook)))"#
    );
    let component = wat::parse_str(text).unwrap();
    with_manifest(component, &manifest("profile", &["log"], ""))
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\{byte:02x}").unwrap();
        text
    })
}

//! Test files of a directory, with the modules that their runs are about.

use super::Loader;
use crate::decode::MockBlock;
use crate::files::clean;
use crate::{TestFile, TestModule, decode};
use diags::{Diagnostic, Diagnostics};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Loader<'_> {
    /// Loads the test files of a module's directory and of the directory of tests in it, in the order of
    /// their names, and the modules that runs name. A directory of tests that is not there has no files.
    pub fn load_tests(&mut self, dir: &Path, test_dir: &Path) -> (Vec<TestFile>, Diagnostics) {
        let (mut files, mut diags) = self.test_files(dir, test_dir);
        if diags.has_errors() {
            return (files, diags);
        }
        for file in &mut files {
            let paths: Vec<addrs::Module> = file
                .runs
                .iter()
                .map(|r| file.module_path(&r.name))
                .collect();
            for (run, path) in file.runs.iter_mut().zip(paths) {
                if let Some(module) = &mut run.module {
                    self.load_under_test(dir, &path, module, &mut diags);
                }
            }
        }
        (files, diags)
    }

    /// Loads test files without the modules that runs name.
    pub fn test_files(&mut self, dir: &Path, test_dir: &Path) -> (Vec<TestFile>, Diagnostics) {
        let mut diags = Diagnostics::new();
        let mut paths: Vec<PathBuf> = Vec::new();
        let mut dirs = vec![dir.to_owned(), dir.join(test_dir)];
        dirs.dedup_by_key(|dir| clean(dir));
        for dir in dirs {
            let names = self.files.list(&dir).unwrap_or_default();
            let is_test = |name: &String| {
                let ends = name.ends_with(".tftest.hcl") || name.ends_with(".tftest.json");
                ends && !name.starts_with(['.', '#']) && !name.ends_with('~')
            };
            let names = names.into_iter().filter(is_test);
            paths.extend(names.map(|name| clean(&dir.join(name))));
        }
        let mut files = Vec::new();
        for path in paths {
            let Some(body) = self.parse(&path, &mut diags) else {
                continue;
            };
            let name: Arc<str> = path.to_string_lossy().as_ref().into();
            let (decoded, problems) = decode::test_file(name, &body);
            diags.append(problems);
            let mut file = decoded.file;
            for mut mock in decoded.mocks {
                self.mock_files(dir, &mut mock, &mut diags);
                file.mocks.insert(mock.local, Arc::new(mock.provider));
            }
            files.push(file);
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        (files, diags)
    }

    /// Reads the directory of mocks that a `mock_provider` block names.
    fn mock_files(&mut self, root: &Path, mock: &mut MockBlock, diags: &mut Diagnostics) {
        let Some(source) = &mock.source else {
            return;
        };
        let dir = root.join(&**source);
        let names = match self.files.list(&dir) {
            Ok(names) => names,
            Err(e) => {
                diags.push(
                    Diagnostic::error(
                        "Failed to read mock data directory",
                        format!(
                            "The directory {source} of the mock provider could not be read: {e}."
                        ),
                    )
                    .at(mock.provider.range.clone()),
                );
                return;
            }
        };
        let is_mock = |n: &String| n.ends_with(".tfmock.hcl") || n.ends_with(".tfmock.json");
        let mut bodies = Vec::new();
        for name in names.into_iter().filter(is_mock) {
            bodies.extend(self.parse(&clean(&dir.join(name)), diags));
        }
        mock.add_files(&bodies, diags);
    }

    fn load_under_test(
        &mut self,
        root: &Path,
        path: &addrs::Module,
        under_test: &mut TestModule,
        diags: &mut Diagnostics,
    ) {
        let dir = match self.directory(path, Some(&clean(root)), &under_test.call) {
            Ok(dir) => dir,
            Err(problem) => {
                diags.push(*problem);
                return;
            }
        };
        let dir = match dir.as_os_str().is_empty() {
            true => root.to_owned(),
            false => dir,
        };
        let (module, problems) = self.load_module(&dir);
        let (config, problems) = self.load_tree(path.clone(), &dir, module, problems);
        diags.append(problems);
        under_test.config = Some(Arc::new(config));
    }
}

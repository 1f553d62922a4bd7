output "paths" {
  value = [path.module, path.root, basename(path.cwd), terraform.workspace]
}
